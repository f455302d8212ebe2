"""Which detectors and entry models exist beside the core's: one line each."""

from src.strategy.added import Detector, EntryModel
from src.strategy.reference_opens import REFERENCE_OPENS
from src.strategy.swing_hierarchy import SWING_HIERARCHY
from src.strategy.zone_depth import BLOCK_TOUCHES, GAP_FILL

DETECTORS: dict[str, Detector] = {
    SWING_HIERARCHY.name: SWING_HIERARCHY,
    REFERENCE_OPENS.name: REFERENCE_OPENS,
    GAP_FILL.name: GAP_FILL,
    BLOCK_TOUCHES.name: BLOCK_TOUCHES,
}
ENTRY_MODELS: dict[str, EntryModel] = {}
