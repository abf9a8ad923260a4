"""Files of a class on their way in: unpacked, read, matched with candidates. Nothing is stored or graded here."""
