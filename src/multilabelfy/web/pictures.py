"""Serve pictures under opaque names: neither path, class folder nor file name reaches a browser."""

from fastapi import APIRouter

router = APIRouter()
