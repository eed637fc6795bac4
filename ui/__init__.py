"""The Streamlit room: frame, filters, the only cache, cards, tables, downloads. It knows no formula."""
