"""What the pages of the register ask."""
