"""Codecs of assets, by which their playback is decided."""

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.execute(
        """
        -- Names of FFmpeg. Null in rows of earlier releases, and audio_codec also without sound.
        ALTER TABLE assets
            ADD COLUMN video_codec text,
            ADD COLUMN pixel_format text,
            ADD COLUMN audio_codec text,
            ADD COLUMN frame_rate text;
        """
    )
