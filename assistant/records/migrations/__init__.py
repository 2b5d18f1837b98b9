"""How the database got its form. Takes one of any earlier version; gives today's, without loss."""
