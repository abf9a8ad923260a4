"""Which section of the encounter every utterance belongs to (contract 6.1)."""

from scoring.domain.segmentation.dialogue import DialogueClass, classify_dialogue
from scoring.domain.segmentation.labelling import label_sections
from scoring.domain.segmentation.section import Section

__all__ = ["DialogueClass", "Section", "classify_dialogue", "label_sections"]
