"""An address holds no secret, and a name below it leads nowhere else, however it is spelt."""

import pytest

from multilabelfy.errors import ForbiddenPath, InvalidInput
from multilabelfy.pictures.remote.addresses import RemoteAddress, remote_address


def address(written: str) -> RemoteAddress:
    found = remote_address(written)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("s3://pets", "s3://pets"),
        ("S3://pets/train/", "s3://pets/train"),
        ("https://Host.example:443/my%20pets/", "https://host.example/my%20pets"),
        ("http://127.0.0.1:8080/a/b", "http://127.0.0.1:8080/a/b"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_an_address_is_kept_in_one_form(written: str, kept: str) -> None:
    assert str(address(written)) == kept
    assert str(address(kept)) == kept


@pytest.mark.parametrize("written", ["pictures", "/data/pictures", "./s3", "C:\\pictures", "s3:/pets"])
def test_a_folder_of_this_machine_is_no_address(written: str) -> None:
    assert remote_address(written) is None


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("gs://pets", "pictures are read from folders, s3://"),
        ("file:///etc", "pictures are read from folders, s3://"),
        ("ftp://host/pets", "pictures are read from folders, s3://"),
        ("https://ann:hunter2@host/pets", "without a name and a password"),
        ("s3://AKIA:hunter2@pets/x", "without a name and a password"),
        ("https://host/pets?token=hunter2", r"without what follows \?"),
        ("https://host/pets#hunter2", r"without what follows \? or #"),
        ("s3://", "names no bucket"),
        ("s3://UPPER/x", "names no bucket"),
        ("s3://arn:aws:s3:us-east-1:1:accesspoint/x", "not an address"),
        ("https:///pets", "names no host"),
        ("https://host:hunter2/pets", "not an address"),
        ("https://host/a/../b", "leads out"),
        ("https://host/a/%2e%2e/b", "leads out"),
        ("s3://pets/a//b", "leads out"),
    ],
)
def test_what_is_no_root_is_refused_and_no_secret_is_repeated(written: str, why: str) -> None:
    with pytest.raises(InvalidInput, match=why) as refused:
        remote_address(written)
    assert "hunter2" not in str(refused.value)


BAD_NAMES = [
    "",
    "/etc/passwd",
    "..",
    "../secret.jpg",
    "cat/../../secret.jpg",
    "cat/./1.jpg",
    "cat//1.jpg",
    "cat/",
    "s3://other/1.jpg",
    "https://elsewhere/1.jpg",
    "%2e%2e/secret.jpg",
    "cat/%2E%2e%2fsecret.jpg",
    "%252e%252e/secret.jpg",
    "..%2fsecret.jpg",
    "%2fetc/passwd",
    "https%3a%2f%2felsewhere/1.jpg",
    "..\\secret.jpg",
    "%5c..%5csecret.jpg",
    "cat/\0.jpg",
    "cat/%00.jpg",
    "cat/1.jpg\r\nHost: elsewhere",
]


@pytest.mark.parametrize("root", ["s3://pets/train", "https://host/pets"])
@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_that_leads_out_in_any_spelling_is_refused(root: str, name: str) -> None:
    with pytest.raises(ForbiddenPath):
        address(root).key(name)


def test_a_key_in_a_bucket_is_as_it_is_and_a_path_on_a_host_is_encoded() -> None:
    assert address("s3://pets/train").key("my cat/1 & 2%.jpg") == "train/my cat/1 & 2%.jpg"
    assert address("https://host/pets").key("my cat/1?2#3.jpg") == "pets/my%20cat/1%3F2%233.jpg"


@pytest.mark.parametrize(
    ("target", "holds"),
    [
        ("https://host/pets/cat/1.jpg", True),
        ("https://HOST:443/pets/cat/1.jpg", True),
        ("https://host/pets/cat/1.jpg?size=big", True),
        ("https://host/pets", False),
        ("https://host/pets-x/1.jpg", False),
        ("https://host/other/1.jpg", False),
        ("https://host/pets/../other/1.jpg", False),
        ("https://host/pets/%2e%2e/other/1.jpg", False),
        ("https://host:8443/pets/1.jpg", False),
        ("http://host/pets/1.jpg", False),
        ("https://elsewhere/pets/1.jpg", False),
        ("https://host@elsewhere/pets/1.jpg", False),
        ("https://ann@host/pets/1.jpg", False),
        ("file:///pets/1.jpg", False),
        ("https://host:x/pets/1.jpg", False),
    ],
)
def test_a_server_may_lead_only_below_the_root(target: str, holds: bool) -> None:
    assert address("https://host/pets").holds(target) is holds
