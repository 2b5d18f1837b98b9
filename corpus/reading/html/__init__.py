"""A page of HTML -> sections: takes its bytes, gives a `Document` of what its readers see."""
