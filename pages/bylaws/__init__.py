"""The screens of rule documents and evaluation standards."""
