"""What the rubric pages show, worked out without a request: forms, outlines, findings and histories."""
