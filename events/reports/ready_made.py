"""The scheme to begin with when the commission evaluates fairs (对接会评估现成方案)."""

from matchmaking.evaluation.enums import ObjectType
from matchmaking.evaluation.ready_made import Leaf, ReadyMade, number, share

FAIRS = ReadyMade(
    code="matchmaking-fair",
    title="对接会成效评估",
    title_en="Effect of matchmaking fairs",
    purpose="评估已结束的对接会：看对接之后有没有合作，而不是看来了多少人。",
    purpose_en="Evaluates fairs that are over by what came of the meetings, not by who came.",
    source="平台建议方案，无标准出处，启用前请核定指标与权重",
    object_type=ObjectType.FAIR,
    groups=[
        (
            "组织",
            "Organization",
            [
                share("到场率", "Show-up rate", 5, "fair_show_up"),
                share("反馈率", "Feedback response rate", 5, "fair_feedback"),
                Leaf("对接机制", "Ways of matching", 10, guidance="需求征集、匹配依据、会后跟进"),
            ],
        ),
        (
            "对接",
            "Meetings",
            [
                share("约见接受率", "Requests accepted", 10, "fair_acceptance"),
                share("必见安排率", "Must-meets arranged", 15, "fair_must_meet"),
                number(
                    "人均洽谈场次",
                    "Meetings per person",
                    10,
                    "fair_mean",
                    unit="场",
                    full=6,
                ),
            ],
        ),
        (
            "成效",
            "Outcomes",
            [
                share("有合作可能", "Cooperation possible", 15, "fair_possible"),
                share("洽谈转化率", "Event yield", 15, "fair_yield"),
                number("促成合同", "Contracts", 5, "fair_contracts", full=10),
            ],
        ),
        (
            "成本",
            "Cost",
            [
                number(
                    "每场洽谈成本",
                    "Cost per held meeting",
                    10,
                    "fair_cost_per_meeting",
                    unit="元",
                    full=5000,
                    is_cost=True,
                )
            ],
        ),
    ],
)
