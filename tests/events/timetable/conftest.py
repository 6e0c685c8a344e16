import pytest


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """Tests number their versions alike: each keeps its solves in a folder of its own."""
    settings.SCHEDULES_DIR = tmp_path / "schedules"
