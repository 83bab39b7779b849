"""The annotate page."""

from fastapi import APIRouter

router = APIRouter()
