"""Every setting with its source (flag, environment, workspace file, default) and its effect, as one frozen value."""

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from multilabelfy.errors import InvalidSetting

PREFIX = "MULTILABELFY_"
DEFAULT_WORKSPACE = Path("multilabelfy-workspace")
SETTINGS_FILE = "settings.toml"
PREFIX_FORM = re.compile(r"(/[A-Za-z0-9][A-Za-z0-9._~-]*)+")
HOST_FORM = re.compile(r"(\*\.)?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
OWN_FOLDERS = frozenset({"answers", "backups", "charts", "d", "me", "new", "pictures", "sign-in", "sign-out", "static", "strips", "team"})
"""What the addresses of pages begin with: a prefix of this name could not be told from a page."""
SECRET = frozenset({"metrics_token"})


class Settings(BaseSettings):
    """What a workspace runs with. The first of these counts: flag, environment (`MULTILABELFY_<NAME>`), `settings.toml`, default."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")
    toml_file: ClassVar[Path | None] = None

    workspace: Path = Field(
        default=DEFAULT_WORKSPACE, description="The folder that holds the database, the picture cache and the settings."
    )
    database_url: str | None = Field(
        default=None, description="A PostgreSQL URL; without it, everything is in the workspace's own SQLite file."
    )
    host: str = Field(default="127.0.0.1", description="The address that `serve` listens on; 0.0.0.0 opens it to the network.")
    port: int = Field(default=8000, ge=0, le=65535, description="The port that `serve` listens on; 0 chooses a free one.")
    public_url: str | None = Field(
        default=None, description="The address for invitation links, if people do not reach the server at http://HOST:PORT."
    )
    tls: Literal["off", "self-signed"] = Field(
        default="off", description="With self-signed, `serve` uses https with a certificate that it makes for this machine and keeps."
    )
    tls_cert: Path | None = Field(default=None, description="A certificate (PEM, with its chain), with which `serve` uses https.")
    tls_key: Path | None = Field(default=None, description="The certificate's key (PEM), unless the certificate's file contains it.")
    log_format: Literal["text", "json", "off"] = Field(
        default="text", description="How `serve` logs each request: a readable line, a JSON object a line, or not at all."
    )
    metrics_token: str | None = Field(
        default=None,
        min_length=16,
        description="Who names it as a bearer token may read `/metrics`; without it, programs on this machine may.",
    )
    workers: int = Field(default=1, ge=1, le=64, description="How many processes serve: several help where there are several cores.")
    root_path: str = Field(
        default="", description="The prefix under which a proxy shows the site, as `/labels`; the proxy may take it off or leave it."
    )
    trusted_proxies: str = Field(
        default="",
        description="Addresses of proxies whose `X-Forwarded-` headers are believed, as `10.0.0.0/8,127.0.0.1`.",
    )
    allowed_hosts: str = Field(
        default="", description="The host names that requests may name, as `labels.example,*.lab.example`; empty: any."
    )
    hsts: bool = Field(
        default=False,
        description="With a certificate that was given, browsers are told to use https alone for a year (HSTS).",
    )
    lease_minutes: float = Field(
        default=30.0, gt=0, description="How long an image is reserved for its annotator before it returns to the queue."
    )
    invitation_days: float = Field(default=30.0, gt=0, description="How long an invitation link works.")
    session_days: float = Field(default=14.0, gt=0, description="How long a browser stays signed in after its last visit.")
    session_max_days: float = Field(
        default=30.0, gt=0, description="How long a browser stays signed in at most, however often it is used. Unsent answers wait in it."
    )
    n_exemplars: int = Field(default=4, ge=0, le=12, description="How many reference pictures are shown beside a label.")
    ahead: int = Field(default=3, ge=1, le=20, description="How many images a browser gets in advance, besides the one in view.")
    decode_threads: int | None = Field(
        default=None,
        ge=1,
        le=256,
        description="How many threads decode pictures; in `propose` on a processor each scores, too. By default 4 in `import`, "
        "and as many as there are cores in `propose`.",
    )
    batch_size: int | None = Field(
        default=None, ge=1, le=4096, description="How many pictures a scorer gets at once; by default as many as suit scorer and machine."
    )
    max_megapixels: float = Field(
        default=200.0, gt=0, description="A picture with more megapixels is refused before it is decoded: it may be a decompression bomb."
    )
    remote_seconds: float = Field(
        default=30.0,
        gt=0,
        description="How long a bucket or a web server with pictures may take to answer before it counts as unreachable.",
    )
    import_root: Path | None = Field(
        default=None, description="The folder below which owners may import pictures from a page; without it, they upload them."
    )
    max_upload_megabytes: float = Field(default=2000.0, gt=0, description="The most that an owner may upload at once, in megabytes.")
    backup_folder: Path | None = Field(
        default=None,
        description="Where owners make, see and download backups from a page; without it, in the workspace's folder `backups`.",
    )
    picture_cache_gigabytes: float = Field(
        default=20.0,
        gt=0,
        description="How large the cache of pictures for pages may grow, in gigabytes; what nobody asked for longest goes.",
    )
    picture_edge: int = Field(default=1600, ge=64, le=8192, description="The longest edge, in pixels, of a picture on a page.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 – pydantic passes it by name
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 – as above
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags come first, then the environment, then the workspace's file; .env files and secrets folders are not read."""
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls, cls.toml_file))

    @field_validator("root_path")
    @classmethod
    def _is_a_prefix(cls, given: str) -> str:
        prefix = given.rstrip("/")
        if prefix and not PREFIX_FORM.fullmatch(prefix):
            raise ValueError("write it as /labels or /lab/labels, in letters, digits and the signs . _ ~ -")
        if prefix.split("/")[1:2] and prefix.split("/")[1] in OWN_FOLDERS:
            raise ValueError(f"pages of the site begin like this: take another name than {', '.join(sorted(OWN_FOLDERS))}")
        return prefix

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, given: str) -> str:
        for part in _parts(given):
            ip_network(part)
        return given

    @field_validator("allowed_hosts")
    @classmethod
    def _are_hosts(cls, given: str) -> str:
        for part in _parts(given):
            if not HOST_FORM.fullmatch(part):
                raise ValueError(f"'{part}' is not a host's name: write labels.example, or *.lab.example for all below it, without a port")
        return given

    @property
    def proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks of `trusted_proxies`."""
        return tuple(ip_network(part) for part in _parts(self.trusted_proxies))

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names of `allowed_hosts` with that of `public_url`; empty if any is allowed."""
        named = _parts(self.allowed_hosts)
        public = urlsplit(self.public_url or "").hostname
        return (*named, *([public] if named and public else []))

    @property
    def address(self) -> str:
        """The address for links: `public_url`, else http://HOST:PORT (or https, if `serve` uses it); with `root_path` in either case."""
        public = (self.public_url or "").rstrip("/")
        if not public:
            return self.address_at(self.port)
        return public if public.endswith(self.root_path) else public + self.root_path

    def address_at(self, port: int) -> str:
        """The address of a server on this machine that listens on this port."""
        host = "127.0.0.1" if self.is_open_to_others else self.host
        return f"{self.scheme}://{f'[{host}]' if ':' in host else host}:{port}{self.root_path}"

    @property
    def is_open_to_others(self) -> bool:
        """Whether `serve` listens on every address of this machine."""
        return self.host in ("0.0.0.0", "::")  # noqa: S104

    @property
    def is_secure_for_others(self) -> bool:
        """Whether browsers allow pages everything: over https (ours or a proxy's), or if only this machine can connect."""
        return self.address.startswith("https:") or self.host in ("127.0.0.1", "::1", "localhost")

    @property
    def scheme(self) -> str:
        """The scheme of `serve`: https if a certificate is set or made, else http."""
        return "https" if self.tls_cert or self.tls == "self-signed" else "http"


@dataclass(frozen=True, slots=True)
class SettingWithOrigin:
    """One setting: its value, where the value comes from, its default and its effect."""

    name: str
    value: Any
    origin: str
    default: Any
    effect: str


def load_settings(workspace: Path | None = None, **flags: Any) -> Settings:
    """The settings of a workspace; a flag that is None counts as not given. Raises InvalidSetting, which names every unfit value."""
    given = {name: value for name, value in {"workspace": workspace, **flags}.items() if value is not None}
    try:
        return _source_class(_workspace_folder(given))(**given)
    except ValidationError as error:
        raise InvalidSetting(_explain(error)) from None
    except ValueError as error:  # not valid TOML
        raise InvalidSetting(f"Cannot read '{_workspace_folder(given) / SETTINGS_FILE}': {error}") from None


def workspace_folder(workspace: Path | None = None) -> Path:
    """The folder of the workspace that is meant, whether or not there is one."""
    return _workspace_folder({} if workspace is None else {"workspace": workspace})


def settings_with_origins(workspace: Path | None = None, **flags: Any) -> tuple[SettingWithOrigin, ...]:
    """Every setting with its origin, in the order of definition. Raises InvalidSetting."""
    given = {name: value for name, value in {"workspace": workspace, **flags}.items() if value is not None}
    settings = load_settings(workspace, **flags)
    source_class = _source_class(_workspace_folder(given))
    origins = dict.fromkeys(TomlConfigSettingsSource(source_class, source_class.toml_file)(), "workspace file")
    origins |= dict.fromkeys(EnvSettingsSource(source_class)(), "environment")
    origins |= dict.fromkeys(given, "flag")
    return tuple(
        SettingWithOrigin(name, _shown(name, getattr(settings, name)), origins.get(name, "default"), field.default, field.description or "")
        for name, field in Settings.model_fields.items()
    )


def is_from_environment(name: str) -> bool:
    """Whether the environment names this setting, so that the workspace's file does not count."""
    return name in EnvSettingsSource(Settings)()


def _parts(listed: str) -> list[str]:
    return [part.strip() for part in listed.split(",") if part.strip()]


def _shown(name: str, value: Any) -> Any:
    """A setting as it may be shown: a secret is hidden, and so is the password in a database's address."""
    if name in SECRET and value is not None:
        return "***"
    return without_password(value) if isinstance(value, str) else value


def without_password(text: str) -> str:
    """A text with a database's address in which no password is left, neither before the server's name nor behind the `?`."""
    return re.sub(r"([?&](?:ssl)?password=)[^&\s'\"]*", r"\1***", re.sub(r"(://[^:/@]*:).*@", r"\1***@", text))


def _workspace_folder(given: dict[str, Any]) -> Path:
    if "workspace" in given:
        return Path(given["workspace"])
    from_environment = EnvSettingsSource(Settings)().get("workspace")
    return Path(from_environment) if from_environment else DEFAULT_WORKSPACE


def _source_class(folder: Path) -> type[Settings]:
    """Settings bound to one workspace's file, so that workspaces in one process do not share it."""
    file = folder / SETTINGS_FILE
    return _bound_to(file if file.is_file() else None)


@lru_cache(maxsize=16)
def _bound_to(file: Path | None) -> type[Settings]:
    """Kept, since making a class of settings takes longer than reading them."""
    return type("Settings", (Settings,), {"toml_file": file, "__module__": __name__})


def _explain(error: ValidationError) -> str:
    lines = [f"  {'.'.join(map(str, problem['loc']))}: {problem['msg']} (it is {problem['input']!r})" for problem in error.errors()]
    return "\n".join(
        ["Some settings do not fit:", *lines, "See `multilabelfy doctor --settings` for each setting, its default and its effect."]
    )
