"""The app: `streamlit run app.py`. The frame draws pages and shared filters."""

from ui import frame

frame.main()
