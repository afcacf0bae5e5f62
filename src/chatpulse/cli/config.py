"""`chatpulse config`: every setting, its value and where it comes from."""

from chatpulse.cli import options
from chatpulse.cli.output import print_json, print_table


def config(
    data: options.Data = None,
    log: options.Log = None,
    state: options.State = None,
    log_level: options.LogLevel = None,
    json: options.Json = False,
) -> None:
    """Show every setting with its value and its origin (flag, environment, file or default).

    Example: chatpulse config --json
    """
    from chatpulse.settings import origins

    flags = {"data": data, "log": log, "state": state, "log_level": log_level}
    loaded = options.settings(**flags)
    # A secret shows as asterisks: str() of a SecretStr never gives it away.
    values = {name: getattr(loaded, name) for name in type(loaded).model_fields} | {"token": str(loaded.token)}
    values |= {"log": loaded.record_url(), "state": str(loaded.state_folder())}
    rows = [{"name": name, "value": values[name], "origin": origin} for name, origin in origins(flags).items()]
    if json:
        print_json(rows)
        return
    print_table(("setting", "value", "origin"), [tuple(row.values()) for row in rows])
