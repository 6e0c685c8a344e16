"""The broker of files, under readers and writers at once."""

import threading
from queue import Empty

import pytest
from kombu import Connection

MESSAGES = 400


@pytest.fixture
def connect(tmp_path):
    for folder in ("queue", "control"):
        (tmp_path / folder).mkdir()
    options = {
        "data_folder_in": str(tmp_path / "queue"),
        "data_folder_out": str(tmp_path / "queue"),
        "control_folder": str(tmp_path / "control"),
        "processed_folder": str(tmp_path / "processed"),
        "store_processed": True,
    }
    (tmp_path / "processed").mkdir()

    def one():
        return Connection(transport="portal.broker:Transport", transport_options=options)

    return one


def test_a_reader_never_sees_half_a_message(connect):
    seen, problems = [], []
    is_done = threading.Event()

    def read():
        with connect() as connection:
            channel = connection.channel()
            while True:
                was_done = is_done.is_set()
                try:
                    seen.append(channel._get("portal")["number"])
                except Empty:
                    if was_done:
                        return
                except Exception as error:  # noqa: BLE001  the test asks whether there is any
                    problems.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    with connect() as connection:
        channel = connection.channel()
        for number in range(MESSAGES):
            channel._put("portal", {"number": number, "body": "石墨烯" * 5000})
    is_done.set()
    reader.join(60)

    assert problems == []
    assert sorted(seen) == list(range(MESSAGES))


def test_the_portal_speaks_through_it():
    from portal.broker import Transport
    from portal.celery import app

    connection = app.connection_for_write("filesystem://")

    assert type(connection.transport) is Transport
