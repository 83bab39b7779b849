"""What texts that hypothesis makes up are made of."""

from hypothesis import strategies as st

ANY: st.SearchStrategy[str] = st.characters(exclude_categories=["Cs"])
"""Every letter that a text can hold. Of `st.text()`'s own, which are the same, hypothesis first asks UTF-8 one by one, for seconds."""
