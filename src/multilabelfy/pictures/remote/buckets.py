"""Read a bucket through s3fs. Keys, profile and endpoint come from the environment, as s3fs and botocore read them."""

import logging
import os
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from multilabelfy.pictures.remote.addresses import RemoteAddress
from multilabelfy.pictures.remote.failures import Failure
from multilabelfy.pictures.remote.parts import BEYOND, FilePart, stamp_of, whole_part

CONNECT_SECONDS = 5.0
BEYOND_CODES = ("InvalidRange", "416")
NO_KEYS = (
    "there are no keys for it: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, in the environment, or "
    "FSSPEC_S3_ANON=true for a public bucket"
)
DENIED = "the bucket denies access (or hides that there is no such object): may the keys in the environment list and read it?"


def fetch_object(address: RemoteAddress, key: str, most: int, seconds: float) -> bytes | None:
    """An object's content, `most` bytes and one more of a larger one; None where there is none. Raises Failure."""
    files = _files(os.getpid(), seconds)
    try:
        content: bytes = files.cat_file(f"{address.place}/{key}", start=0, end=most + 1, timeout=seconds)
        return content
    except Exception as error:  # botocore, aiohttp and s3fs raise a hundred kinds
        if _code(error) in BEYOND_CODES:  # of an object of 0 bytes
            return b""
        if isinstance(error, FileNotFoundError) and _code(error) != "NoSuchBucket":
            return None
        raise _failure(error, seconds) from None


def object_part(address: RemoteAddress, key: str, span: tuple[int, int], seconds: float) -> FilePart | None:
    """The bytes of an object from the first of `span` up to the second; None where there is no such object. Raises Failure."""
    from fsspec.asyn import sync

    files, (begins, ends) = _files(os.getpid(), seconds), span
    try:
        return whole_part(sync(files.loop, _part, files, address.place, key, f"bytes={begins}-{ends - 1}", timeout=seconds), begins, ends)
    except Failure:
        raise
    except Exception as error:  # as above
        if _code(error) in BEYOND_CODES:
            return BEYOND
        if isinstance(error, FileNotFoundError) and _code(error) != "NoSuchBucket":
            return None
        raise _failure(error, seconds) from None


async def _part(files: Any, bucket: str, key: str, span: str) -> FilePart:
    answer = await files._call_s3("get_object", Bucket=bucket, Key=key, Range=span)
    async with answer["Body"] as body:
        return FilePart(await body.read(), stamp_of(answer.get("ContentRange", ""), answer.get("ETag", "")))


def list_objects(address: RemoteAddress, seconds: float, most: int | None = None) -> Iterator[tuple[str, int]]:
    """The names below the root with their sizes in bytes, in the order of the bucket. Raises Failure."""
    files = _files(os.getpid(), seconds)
    prefix = "".join(f"{name}/" for name in address.folder)
    try:
        for key, n_bytes in _keys(files, address.place, prefix, most, seconds):
            if not key.endswith("/"):  # what consoles make for a folder
                yield key.removeprefix(prefix), n_bytes
    except Failure:
        raise
    except Exception as error:  # as above
        raise _failure(error, seconds) from None


def _keys(files: Any, bucket: str, prefix: str, most: int | None, seconds: float) -> Iterator[tuple[str, int]]:
    """Page by page, so that no silence is longer than `seconds`, however large the bucket."""
    after: dict[str, str] = {}
    limit = {"MaxKeys": most} if most else {}
    while True:
        page = files.call_s3("list_objects_v2", Bucket=bucket, Prefix=prefix, **limit, **after, timeout=seconds)
        yield from ((entry["Key"], int(entry["Size"])) for entry in page.get("Contents", ()))
        if most or not page.get("IsTruncated"):
            return
        after = {"ContinuationToken": page["NextContinuationToken"]}


@lru_cache(maxsize=8)
def _files(process: int, seconds: float) -> Any:  # noqa: ARG001 – connections do not outlive a fork
    """The bucket's file system, one for all threads of a process. It tries nothing again: `roots` does, once."""
    import s3fs

    logging.getLogger("s3fs").setLevel(logging.CRITICAL)
    patience = {"connect_timeout": min(CONNECT_SECONDS, seconds), "read_timeout": seconds, "retries": {"total_max_attempts": 1}}
    files = s3fs.S3FileSystem(config_kwargs={**patience, "max_pool_connections": 32}, skip_instance_cache=True, use_listings_cache=False)
    files.retries = 1
    return files


def _failure(error: Exception, seconds: float) -> Failure:
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if kinds & {"NoCredentialsError", "PartialCredentialsError", "ProfileNotFound"}:
        return Failure(NO_KEYS)
    if _code(error) == "NoSuchBucket":
        return Failure("there is no bucket of this name")
    if isinstance(error, PermissionError):
        return Failure(DENIED)
    if kinds & {"TimeoutError", "FSTimeoutError", "ConnectTimeoutError", "ReadTimeoutError"}:
        return Failure(f"it did not answer within {seconds:g} seconds", was_silent=True)
    if _code(error) in ("301", "307", "PermanentRedirect", "TemporaryRedirect", "Redirect"):
        return Failure("it leads elsewhere, and no redirect is followed: set AWS_DEFAULT_REGION or AWS_ENDPOINT_URL for this bucket")
    return Failure(f"it cannot be reached ({_code(error) or type(error).__name__})", may_pass=True)


def _code(error: BaseException) -> str:
    """What S3 calls the error; empty where it was not S3 that answered."""
    for each in (error, error.__cause__):
        response = getattr(each, "response", None)
        if isinstance(response, dict):
            return str(response.get("Error", {}).get("Code", ""))
    return ""
