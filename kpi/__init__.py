"""Service KPIs with honest evidence, from help-desk exports; knows nothing of Streamlit."""
