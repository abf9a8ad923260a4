"""What pages about cohorts show, worked out before the template: coordinates, words, numbers."""
