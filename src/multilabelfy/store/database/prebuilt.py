"""Statements that are built once: what a step of annotating runs stands as a constant in capitals at the head of its module.

SQLAlchemy needs 150 µs to build a statement, and 30 to 60 to run one that it has built before; the driver itself needs five. So a constant
is compiled at its first run on each database, with the conversions that its columns' types ask for, and is run by the driver. It has bind
parameters (`bindparam("image")`) where a function would have had values, and its function gives these by name. The name of a bind
parameter is never that of a column which the same statement sets: SQLAlchemy keeps those for itself.

On PostgreSQL an answer comes over a socket, and many come as fast as one. So what changes rows waits for nothing (`run`), and a question
whose answer is not needed at once is `asked`: it is waited for where its rows are looked at, with everything that was asked by then.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, TypeVar

from sqlalchemy import ColumnCollection, ColumnElement, Executable, Select, Table, Update, bindparam, insert, literal_column
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler

from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.driver import Driver, DriverAnswer, Values

T = TypeVar("T")
Coming = Callable[[], T]
"""What the store was asked for: it is waited for when this is called."""
Excluded = ColumnCollection[str, ColumnElement[Any]]
Convert = Callable[[Any], Any]


def one_of(column: ColumnElement[str], words: Iterable[str]) -> ColumnElement[bool]:
    """Whether a column has one of these words of ours. They are written into the statement, which is the same at each run."""
    return column.in_([literal_column(f"'{word}'") for word in words])


class AskedRows:
    """The rows of a statement as they are at its place in the transaction, named tuples: `row.image_id`."""

    __slots__ = ("_answer", "_compiled", "_driver")

    def __init__(self, answer: DriverAnswer, compiled: "_Compiled", driver: Driver) -> None:
        self._answer, self._compiled, self._driver = answer, compiled, driver

    def rows(self) -> list[Any]:
        """All rows."""
        of_driver = self._answer.rows()
        made = self._compiled.made or self._compiled.making(self._driver, self._answer)
        return [*map(made, of_driver)]

    def row(self) -> Any | None:
        """The only row; None if there is none."""
        rows = self.rows()
        return rows[0] if rows else None

    def value(self) -> Any | None:
        """The first column of the only row; None if there is no row."""
        rows = self.rows()
        return rows[0][0] if rows else None


class Prebuilt:
    """A statement with bind parameters, run by the driver."""

    def __init__(self, statement: Executable, *, sets: Sequence[str] | None = None) -> None:
        """`sets` names the columns of an INSERT, which are its bind parameters too."""
        self._statement, self._sets = statement, sets
        self._by_kind: dict[str, _Compiled] = {}

    def asked(self, c: Connection, **values: Any) -> AskedRows:
        """Ask for rows, to look at them later."""
        compiled = self._by_kind.get(c.kind) or self._on(c)
        return AskedRows(ask(c, compiled.text, compiled.values(values)), compiled, c.driver)

    def rows(self, c: Connection, **values: Any) -> list[Any]:
        """All rows."""
        return self.asked(c, **values).rows()

    def row(self, c: Connection, **values: Any) -> Any | None:
        """The only row; None if there is none."""
        return self.asked(c, **values).row()

    def value(self, c: Connection, **values: Any) -> Any | None:
        """The first column of the only row; None if there is no row."""
        return self.asked(c, **values).value()

    def run(self, c: Connection, **values: Any) -> None:
        """Change rows."""
        compiled = self._by_kind.get(c.kind) or self._on(c)
        ask(c, compiled.text, compiled.values(values))

    def n_changed(self, c: Connection, **values: Any) -> int:
        """Change rows; how many there were."""
        compiled = self._by_kind.get(c.kind) or self._on(c)
        return ask(c, compiled.text, compiled.values(values)).n_changed()

    def run_each(self, c: Connection, every: Iterable[Mapping[str, Any]]) -> None:
        """Change rows, once with each of these values."""
        for values in every:
            self.run(c, **values)

    def _on(self, c: Connection) -> "_Compiled":
        compiled = self._by_kind[c.kind] = _compiled(self._statement, c, self._sets)
        return compiled


def ask(c: Connection, statement: str, values: Values) -> DriverAnswer:
    """Ask the driver: every prebuilt statement comes through here."""
    return c.driver.ask(statement, values)


def adding_to(table: Table) -> Prebuilt:
    """An INSERT of one row with all its columns but the number, which the database draws."""
    return Prebuilt(insert(table).inline(), sets=[column.name for column in table.c if column is not table.autoincrement_column])


class Listed:
    """A statement over the rows of some ids. It is built for one id, for two, four and so on: a list is filled up with its last id."""

    def __init__(self, statement: Select[Any] | Update, column: ColumnElement[int]) -> None:
        self._of_length = cache(lambda n: Prebuilt(statement.where(_among(column, n))))

    def of(self, c: Connection, ids: Sequence[int], **values: Any) -> list[Any]:
        """The rows of these ids; there is at least one."""
        statement, listed = self._for(ids)
        return statement.rows(c, **values, **listed)

    def asked(self, c: Connection, ids: Sequence[int], **values: Any) -> AskedRows:
        """The same, to be looked at later."""
        statement, listed = self._for(ids)
        return statement.asked(c, **values, **listed)

    def run(self, c: Connection, ids: Sequence[int], **values: Any) -> None:
        """Change the rows of these ids; there is at least one."""
        statement, listed = self._for(ids)
        statement.run(c, **values, **listed)

    def _for(self, ids: Sequence[int]) -> tuple[Prebuilt, dict[str, int]]:
        n = 1 << (len(ids) - 1).bit_length()
        return self._of_length(n), {f"id_{i}": ids[min(i, len(ids) - 1)] for i in range(n)}


def _among(column: ColumnElement[int], n: int) -> ColumnElement[bool]:
    return column == bindparam("id_0") if n == 1 else column.in_([bindparam(f"id_{i}") for i in range(n)])


class Upsert:
    """Add a row, or change the one that has its keys: one statement, written once for both databases.

    `change` says what becomes of the columns of a row that is there, from the new row that it excludes.
    """

    def __init__(
        self,
        table: Table,
        keys: Sequence[str],
        change: Callable[[Excluded], Mapping[str, ColumnElement[Any]]],
        *,
        values: Mapping[str, ColumnElement[Any]] | None = None,
        returning: bool = False,
    ) -> None:
        self._by_dialect: dict[str, Prebuilt] = {}
        for name, insert_on in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert)):
            new = insert_on(table).values(**values) if values else insert_on(table).inline()
            changing = new.on_conflict_do_update(index_elements=list(keys), set_=dict(change(new.excluded)))
            sets = None if values else [column.name for column in table.c]
            self._by_dialect[name] = Prebuilt(changing.returning(*table.c) if returning else changing, sets=sets)

    def on(self, c: Connection) -> Prebuilt:
        """The statement for this connection's database."""
        return self._by_dialect[c.kind]


@dataclass(slots=True)
class _Compiled:
    """A statement as a driver runs it: its text, how the values that it takes are made, and what it returns.

    How a row is `made` depends on what the driver says of the columns at the first run.
    """

    text: str
    values: Callable[[Mapping[str, Any]], Values]
    columns: Sequence[ColumnElement[Any]]
    made: Callable[[Sequence[Any]], Any] | None = None

    def making(self, driver: Driver, answer: DriverAnswer) -> Callable[[Sequence[Any]], Any]:
        """`made`, from the first run on."""
        self.made = made = _making(self.columns, driver.dialect, answer.types())
        return made


def _compiled(statement: Any, c: Connection, sets: Sequence[str] | None) -> _Compiled:
    """Raises ValueError for what cannot be built once: a list of values without a fixed length, or a default that Python draws."""
    compiled: SQLCompiler = statement.compile(dialect=c.driver.dialect, column_keys=sets)
    if "POSTCOMPILE" in compiled.string or compiled.insert_prefetch or compiled.update_prefetch:
        raise ValueError(f"This statement is another one at each run: {compiled.string}")
    return _Compiled(compiled.string, _taking(compiled, c.dialect), list(statement.exported_columns))


def _taking(compiled: SQLCompiler, dialect: Dialect) -> Callable[[Mapping[str, Any]], Values]:
    """How a statement's values are made, in its order. What it holds itself is converted once."""
    converts = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()}
    held = {name: _converted(converts[name], bind.effective_value) for name, bind in compiled.binds.items() if not bind.required}
    asked = [(name, convert) for name, convert in converts.items() if convert is not None and name not in held]
    in_order = [*(compiled.positiontup or ())]

    def taken(given: Mapping[str, Any]) -> Values:
        values = {**held, **given}
        for name, convert in asked:
            values[name] = convert(values[name])
        return tuple([values[name] for name in in_order])

    return taken


def _making(columns: Sequence[ColumnElement[Any]], dialect: Dialect, types: Sequence[Any]) -> Callable[[Sequence[Any]], Any]:
    """How a named row is made of what the driver returns; `types` are its own of each column."""
    row: Any = namedtuple("Row", [column.key or "" for column in columns], rename=True)  # type: ignore[misc]  # known at run time
    make = partial(tuple.__new__, row)  # as `_make`, without counting
    kinds = [column.type.dialect_impl(dialect) for column in columns]
    converts = [kind.result_processor(dialect, of_driver) for kind, of_driver in zip(kinds, types, strict=True)]
    converted = [(place, convert) for place, convert in enumerate(converts) if convert is not None]

    def made(of_driver: Sequence[Any]) -> Any:
        values = list(of_driver)
        for place, convert in converted:
            values[place] = convert(values[place])
        return make(values)

    return made if converted else make


def _converted(convert: Convert | None, value: Any) -> Any:
    return value if convert is None else convert(value)
