import pytest

from search.pinyin import find_part, sound, suggest_tokens


def test_every_place_of_a_title_is_a_start():
    tokens = suggest_tokens("高导热石墨烯膜")

    assert "石墨烯膜" in tokens
    assert "shimoximo" in tokens
    assert "smxm" in tokens
    assert "gdrsmxm" in tokens


def test_words_of_other_letters_stand_whole():
    tokens = suggest_tokens("pvdf中空纤维膜")

    assert "pvdf中空纤维膜" in tokens
    assert "pvdfzhongkongxianweimo" in tokens


@pytest.mark.parametrize("typed", ["smx", "shimoxi", "shim", "石墨"])
def test_the_part_that_was_meant(typed):
    part = find_part("高导热石墨烯膜", typed)

    assert "石墨烯膜".startswith(part)


def test_nothing_meant():
    assert find_part("高导热石墨烯膜", "xyz") is None


def test_homophones_sound_alike():
    assert sound("石墨稀") == sound("石墨烯")
