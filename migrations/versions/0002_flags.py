"""Flags of quality assurance"""

from alembic import op
import sqlalchemy as sa

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("flagged_by_id", sa.Integer(), nullable=False),
        sa.Column("call_reference", sa.Text(), nullable=False),
        sa.Column("call_date", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("error_code", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_utc", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["person.id"], name=op.f("fk_flag_agent_id")),
        sa.ForeignKeyConstraint(["flagged_by_id"], ["person.id"], name=op.f("fk_flag_flagged_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag")),
        sa.UniqueConstraint(
            "agent_id",
            "call_reference",
            "call_date",
            "step",
            "error_code",
            name=op.f("uq_flag_agent_id_call_reference_call_date_step_error_code"),
        ),
    )
    op.create_index(op.f("ix_flag_flagged_by_id"), "flag", ["flagged_by_id"])


def downgrade() -> None:
    op.drop_table("flag")
