"""The pages of the register, for who works with initiatives; one file per thing."""
