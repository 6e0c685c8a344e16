"""The words of the confidentiality agreement; a changed text gets a new version."""

import hashlib
from collections.abc import Sequence
from datetime import date

VERSION = "2026-1"
SECRET_YEARS = 3

TITLE, TITLE_EN = "保密协议", "Confidentiality Agreement"
CHINESE = (
    "甲方：{proposer}",
    "乙方：{counterparty}",
    "协议编号：{code}　期限：{starts_on}至{ends_on}",
    "一、目的。双方就下列成果、专利或需求洽谈合作，为此可能相互提供未公开的信息：{listings}。"
    "使用目的：{purpose}",
    "二、保密信息。一方为上述目的以书面、电子、口头或实物方式提供的技术、经营信息，"
    "以及平台上标明须签订保密协议后方可查阅的内容，均为保密信息。",
    "三、例外。接收方能够证明下列情形之一的，不属于保密信息：（一）取得时已为公众所知；"
    "（二）取得后非因接收方过错而为公众所知；（三）接收方此前已合法持有；"
    "（四）从有权披露的第三方合法取得；（五）由接收方独立研发。",
    "四、接收方的义务。仅为上述目的使用；仅向确有需要且负有同等保密义务的人员提供；"
    "采取不低于保护自身同类信息的措施；未经书面同意不得反向工程、申请知识产权或转交第三方。",
    "五、法定披露。依法律、法规或者有权机关要求必须披露的，应在允许的范围内事先通知对方，"
    "并只披露必要的部分。",
    "六、权利归属。保密信息及其知识产权仍归提供方，本协议不构成许可、转让或担保。",
    "七、返还。合作终止或提供方提出要求后三十日内，接收方返还或销毁保密信息，依法必须留存的除外。",
    "八、期限。期限届满或任何一方提前结束本协议的，接收方不再查阅；"
    "此前已取得的信息，自结束之日起仍须保密{years}年，属商业秘密的至其不再是商业秘密时止。",
    "九、违约。违反本协议给对方造成损失的，应当赔偿损失及为制止违约支出的合理费用。",
    "十、争议。本协议适用中华人民共和国法律。争议先行协商；协商不成的，"
    "任何一方可向提供信息一方所在地有管辖权的人民法院起诉。",
    "十一、签署。双方授权人员以第二步验证码确认本文摘要，或者签署纸质文本并由对方确认，"
    "本协议即生效。中英文不一致时，以中文为准。",
)
ENGLISH = (
    "Party A: {proposer}",
    "Party B: {counterparty}",
    "Agreement no. {code}. Term: {starts_on} to {ends_on}",
    "1. Purpose. The parties are in talks about the achievements, patents or needs named here and "
    "may give each other information that is not public: {listings}. It is used for: {purpose}",
    "2. Confidential information is any technical or business information that a party provides "
    "for this purpose in writing, electronically, by word of mouth or as an object, and whatever "
    "the portal opens only after a confidentiality agreement.",
    "3. Exceptions. Not confidential is what the receiver proves (a) was public when received, "
    "(b) became public without the receiver's fault, (c) was lawfully held before, (d) was "
    "lawfully received from a third party free to disclose it, or (e) was developed independently.",
    "4. Duties of the receiver. Use it for the purpose only; give it only to people who need it "
    "and are bound likewise; protect it no less than own information of that kind; do not, without "
    "written consent, reverse engineer it, file rights on it or pass it on.",
    "5. Disclosure by law. Where law or an authority requires disclosure, the receiver gives "
    "notice beforehand as far as allowed and discloses no more than is necessary.",
    "6. Ownership. Information and rights in it stay with the provider; this agreement is no "
    "licence, transfer or warranty.",
    "7. Return. Within thirty days of the end of the talks, or of a demand, the receiver returns "
    "or destroys the information, save what the law makes it keep.",
    "8. Term. When the term is over, or either party ends the agreement, access ends. What was "
    "received before stays confidential for {years} years from then, and a trade secret for as "
    "long as it is one.",
    "9. Breach. Who breaks this agreement makes good the loss and the reasonable cost of stopping "
    "the breach.",
    "10. Disputes. The law of the People's Republic of China applies. Failing agreement, either "
    "party may sue in the competent people's court at the seat of the provider.",
    "11. Signature. This agreement takes effect when an authorized person of each party has "
    "confirmed the digest of this text with a second-step code, or when a signed paper copy has "
    "been accepted by the other party. The Chinese text prevails.",
)


def write_agreement(
    *,
    code: str,
    proposer: tuple[str, str],
    counterparty: tuple[str, str],
    listings: Sequence[str],
    purpose: str,
    starts_on: date,
    ends_on: date,
) -> tuple[str, str]:
    """Return the Chinese and the English text; parties come as Chinese and English names."""
    shared = {
        "code": code,
        "starts_on": starts_on.isoformat(),
        "ends_on": ends_on.isoformat(),
        "years": SECRET_YEARS,
        "purpose": purpose,
    }
    return tuple(  # type: ignore[return-value]
        "\n".join(
            line.format(
                **shared,
                proposer=proposer[place] or proposer[0],
                counterparty=counterparty[place] or counterparty[0],
                listings=("、", ", ")[place].join(listings),
            )
            for line in lines
        )
        for place, lines in enumerate((CHINESE, ENGLISH))
    )


def digest_of(text: str, text_en: str) -> str:
    """Return SHA-256 over both texts: what the parties confirm."""
    return hashlib.sha256(f"{text}\n\n{text_en}".encode()).hexdigest()
