"""Command groups with a default command."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from typer.core import TyperGroup

if TYPE_CHECKING:
    from typer._click import Context


class DefaultCommandGroup(TyperGroup):
    """Group that passes words to its default command if the first one is not the name of a command.

    Words that begin with the name of a command need the name of the default command before them.
    """

    default_command: ClassVar[str]

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Insert the name of the default command if no command is named."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [self.default_command, *args]
        return super().parse_args(ctx, args)
