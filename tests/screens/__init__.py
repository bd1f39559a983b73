"""Pictures of every page: `make screens`."""
