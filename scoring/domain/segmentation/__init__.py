"""Which section of the encounter every utterance belongs to (contract 6.1)."""

from scoring.domain.segmentation.labelling import label_sections
from scoring.domain.segmentation.section import Section

__all__ = ["Section", "label_sections"]
