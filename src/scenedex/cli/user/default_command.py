"""A group of commands one of which goes without its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from typer.core import TyperGroup

if TYPE_CHECKING:
    from typer._click import Context


class DefaultCommandGroup(TyperGroup):
    """Takes words that begin with no name of a command as those of its default command.

    The name of a command wins: what begins with the same word goes behind the name of the default command.

    Attributes:
        default_command: the command that goes without its name.
    """

    default_command: ClassVar[str]

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Finds out which command is meant."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [self.default_command, *args]
        return super().parse_args(ctx, args)
