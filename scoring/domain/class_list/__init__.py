"""Class lists as schools keep them: tables of any layout in, candidates and a report out."""
