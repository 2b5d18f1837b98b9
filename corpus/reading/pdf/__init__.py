"""A PDF -> sections, page by page: takes its bytes, gives a `Document`; scanned pages go through
OCR.
"""
