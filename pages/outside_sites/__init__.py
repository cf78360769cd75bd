"""The screens of outside places."""

from pages.outside_sites import requests

__all__ = ['requests']
