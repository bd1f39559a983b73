"""What proves Werklab. Start with tests/journeys/: the four walks that the product is for."""
