"""Every setting, read from the environment (ASSISTANT_…) or a .env file; the only reader of it."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from typing import Literal, Self

from limits import parse_many
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

STARTER = Path(__file__).resolve().parent.parent / "corpus" / "starter" / "catalogue.toml"


class Settings(BaseSettings):
    """The defaults run on a laptop with no network."""

    model_config = SettingsConfigDict(env_prefix="ASSISTANT_", env_file=".env", extra="ignore")

    catalogue: Path = Field(STARTER, description="Le catalogue.toml de la ville.")
    var: Path = Field(Path("var"), description="Le dossier où l'index est construit.")
    towns: Path | None = Field(
        None,
        description="Le dossier de plusieurs villes, servies ensemble : un dossier par ville, du "
        "nom de son code Insee ; vide : la seule ville de ASSISTANT_CATALOGUE.",
    )
    towns_memory: int = Field(
        1024,
        ge=64,
        description="Combien de Mo le serveur de plusieurs villes peut prendre avant de refermer "
        "celles à qui l'on ne demande plus rien.",
    )
    model: str = Field(
        "",
        description="Le modèle des vecteurs : vide pour celui qui est livré, sinon un dossier ou "
        "un nom sentence-transformers.",
    )
    host: str = Field("127.0.0.1", description="L'adresse où le serveur écoute.")
    port: int = Field(8000, ge=1, le=65535, description="Son port.")
    origins: list[str] = Field(
        [],
        description="Les sites qui peuvent afficher le widget, comme "
        '["https://www.guichenpontrean.fr"].',
    )
    hosts: list[str] = Field(
        [],
        description="Les noms sous lesquels le serveur est appelé, outre ceux de la machine, pour "
        'la porte MCP : ["assistant.guichenpontrean.fr"].',
    )
    poll: float = Field(
        5.0, gt=0, description="Toutes les combien de secondes le serveur cherche un nouvel index."
    )
    generations: str = Field(
        "",
        description="Où les index sont publiés pour plusieurs serveurs : un dossier partagé, ou "
        "l'adresse d'un espace de stockage, comme « s3://espace/assistant » ; vide : chacun "
        "construit les siens.",
    )
    chroma: str = Field(
        "",
        pattern=r"^(https?://\S+)?$",
        description="Le serveur Chroma où plusieurs serveurs cherchent les vecteurs, comme "
        "« http://machine:8000 » ; vide : chacun cherche les siens.",
    )
    limits: str = Field(
        "",
        pattern=r"^(redis(s|\+unix)?://\S+)?$",
        description="Le Redis où plusieurs serveurs comptent ensemble qui demande combien, comme "
        "« redis://machine:6379/0 » ; vide : ce serveur compte seul, en mémoire.",
    )
    rate: str = Field(
        "30/minute",
        description="Combien de questions une personne peut poser, comme « 30/minute » ou "
        "« 30/minute; 200/hour » ; vide : sans limite.",
    )
    town_rate: str = Field(
        "",
        description="Combien de questions peuvent être posées à une ville, de même ; vide : sans "
        "limite.",
    )
    traces: str = Field(
        "",
        pattern=r"^(https?://\S+)?$",
        description="Le collecteur OpenTelemetry (OTLP, gRPC) à qui dire la durée des étapes de "
        "chaque réponse, comme « http://127.0.0.1:4317 » ; vide : personne.",
    )
    metrics: list[str] = Field(
        ["127.0.0.1", "::1"],
        description="Les adresses, ou les réseaux, qui peuvent lire /metrics ; [] : aucune.",
    )
    log: Literal["text", "json"] = Field("text", description="La forme du journal technique.")
    writer_url: str = Field(
        "",
        pattern=r"^(https?://\S+)?$",
        description="L'adresse d'un modèle de langage compatible OpenAI, qui rédige les réponses, "
        "comme « https://exemple.fr/v1 » ; vide : les réponses citent les documents.",
    )
    writer_model: str = Field("", description="Le nom du modèle qui rédige.")
    writer_key: SecretStr = Field(SecretStr(""), description="Sa clé, s'il en faut une.")
    writer_first: float = Field(
        8.0, gt=0, description="Combien de secondes attendre ses premiers mots."
    )
    writer_total: float = Field(
        30.0, gt=0, description="Combien de secondes attendre la fin de sa réponse."
    )
    writer_daily: int = Field(
        0, ge=0, description="Combien de réponses rédiger par jour au plus ; 0 : sans limite."
    )

    journal: str = Field(
        "",
        description="L'adresse SQLAlchemy du journal des réponses ; vide pour un fichier SQLite "
        "du dossier ASSISTANT_VAR. De plusieurs villes : une base PostgreSQL, où chacune a son "
        "schéma ; sinon un fichier SQLite par ville.",
    )
    journal_days: int = Field(
        30,
        ge=0,
        le=3650,
        description="Combien de jours le journal garde une réponse ; 0 pour ne rien garder.",
    )

    oidc_issuer: str = Field(
        "",
        pattern=r"^(https?://\S*[^\s/])?$",
        description="L'adresse du fournisseur d'identité (OpenID Connect) des agents, sans « / » "
        "final ; vide : les comptes du guichet seulement.",
    )
    oidc_client: str = Field("", description="L'identifiant de l'assistant chez lui.")
    oidc_secret: SecretStr = Field(SecretStr(""), description="Son secret.")
    oidc_claim: str = Field(
        "roles",
        description="Où il dit le rôle d'une personne, comme « roles », ou « a.b » pour b dans a.",
    )
    oidc_roles: dict[str, Literal["agent", "editor", "admin"]] = Field(
        {}, description="Le rôle que donne chaque valeur, en JSON ; {} : les trois, par leur nom."
    )
    second_approval: bool = Field(
        False,
        description="Si une réponse validée doit être approuvée par une autre personne que celle "
        "qui l'a écrite.",
    )

    @field_validator("rate", "town_rate")
    @classmethod
    def _rate(cls, rate: str) -> str:
        if rate.strip():
            parse_many(rate)
        return rate

    @field_validator("metrics")
    @classmethod
    def _metrics(cls, metrics: list[str]) -> list[str]:
        for each in metrics:
            ip_network(each)
        return metrics

    @field_validator("towns", mode="before")
    @classmethod
    def _none(cls, given: object) -> object:
        return given or None  # « ASSISTANT_TOWNS= »

    @property
    def home(self) -> Path:
        """The catalogue that is read where none is named, if it is there."""
        return self.var / "ville" / "catalogue.toml"

    @model_validator(mode="after")
    def _at_home(self) -> Self:
        if "catalogue" not in self.model_fields_set and self.home.is_file():
            self.catalogue = self.home
        return self

    @property
    def journal_url(self) -> str:
        """Where answers are kept."""
        return self.journal or f"sqlite:///{self.var / 'journal.sqlite3'}"

    @property
    def index(self) -> Path:
        """Where the generations are."""
        return self.var / "index"

    @property
    def commons(self) -> Path | None:
        """The folder of what several towns hold in common; None for one town alone."""
        return self.towns / "national" if self.towns else None

    def town(self, insee: str) -> Settings:
        """Those of one of the towns, by its Insee code."""
        assert self.towns is not None
        folder, journal = self.towns / insee, ""
        if self.journal.startswith("postgresql"):
            more = "&" if "?" in self.journal else "?"
            journal = f"{self.journal}{more}schema=ville_{insee.lower()}"
        changes = {
            "catalogue": folder / "catalogue.toml",
            "var": folder / "var",
            "journal": journal,
        }
        return self.model_copy(update=changes)
