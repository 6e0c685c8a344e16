"""The standing texts that every portal needs: slug → (title, English title, text, English text)."""

NOTICES = {
    "privacy": (
        "隐私告知",
        "Privacy notice",
        "本平台只收集办理对接所必需的个人信息：登录邮箱、姓名、所属机构和职务。\n\n"
        "姓名和联系方式是否公开由本人逐项决定，可随时在“我的同意”中撤回，撤回与给出同样方便。"
        "向匹配机构提供联系方式，须本人单独同意并写明接收方。\n\n"
        "个性化推荐可以关闭，关闭后列表按日期排列。您可以下载或要求删除自己的信息；"
        "依法必须留存的记录会向您列明。网络日志至少保存六个月。",
        "The portal collects only what matchmaking needs: your e-mail address, name, organization "
        "and post.\n\nYou decide item by item whether your name and contact data are shown, and you "
        "may withdraw at any time as easily as you agreed. Giving your contact data to a matched "
        "organization needs your separate consent naming the recipient.\n\nPersonal recommendations "
        "can be switched off; lists are then ordered by date. You may download your data or ask for "
        "its deletion; records that the law obliges us to keep are listed to you.",
    ),
    "accessibility": (
        "无障碍声明",
        "Accessibility statement",
        "本平台按《网页内容无障碍指南》2.2版AA级建设，全部链接和表单不依赖脚本即可使用，"
        "支持键盘操作、屏幕阅读器、深色显示和打印。\n\n如有使用困难，请通过页脚的联系方式告诉我们。",
        "The portal is built to level AA of the Web Content Accessibility Guidelines 2.2. Every link "
        "and form works without scripts, by keyboard and with screen readers, in dark display and "
        "on paper.\n\nIf something is hard to use, please tell us by the contact in the footer.",
    ),
    "terms": (
        "使用条款",
        "Terms of use",
        "发布者对内容的真实性负责。涉密成果不得在此填报；未授权或已失效的专利不得称为专利。\n\n"
        "平台展示匹配理由，不代替双方判断，不保证达成合作。虚假信息将被撤下并记录。",
        "Publishers answer for the truth of what they publish. Classified results must not be "
        "entered; applications and lapsed rights must not be called patents.\n\nThe portal shows "
        "reasons for a match; it does not replace the parties' own judgement. False information is "
        "taken down and recorded.",
    ),
    "matching": (
        "匹配说明",
        "How matching works",
        "匹配依据需求与成果的文字：先去掉通用词，再比较共有的词，越少见的词权重越高，"
        "标题中的词高于正文。人员和机构不参与排序。\n\n"
        "每个结果都列出共有的词和得分构成。需求的词按稀有程度加权，成果覆盖了其中多少，"
        "就是页面上的百分比；由它分出强、较强、一般、弱四档，弱的折叠在列表末尾。"
        "覆盖一两成已属难得：需求讲的是问题，成果讲的是办法，用词本来就不同。\n\n"
        "阶段对期限、价格对预算、所在区县这些条件与文字分开，列在旁边，不改变排序；"
        "定向和被排除的院所、未公开和已过期的内容不会出现。\n\n"
        "您可以按四级评价结果，满五次后其余结果按评价重新排序；评价也用来公布每月的匹配精度。"
        "看不到合适的结果时，请把材料、工艺和指标写具体些，列表一分钟内更新。"
        "个性化推荐可以在个人资料中关闭，关闭后列表按日期排列。",
        "Matches rest on the words of needs and achievements: generic words are cut out, shared "
        "words are compared, rare words weigh more, and words of the title more than those of the "
        "text. People and organizations are no factor of the order.\n\nEvery result names the shared "
        "words and how the score is made up. The need's words are weighted by rarity; how much of "
        "that weight a listing covers is the percentage on the page, and it gives the four grades "
        "strong, good, fair and weak. Weak ones are folded at the end. A tenth or a fifth is much: a "
        "need speaks of a problem, a listing of a remedy, in other words.\n\nStage against deadline, "
        "price against budget and the district stand beside the list and do not change its order. "
        "Institutes that a need excludes, and what is hidden or expired, never appear.\n\nYou may "
        "judge results in four steps. After five verdicts the rest is re-ranked; verdicts also give "
        "the monthly precision. If nothing fits, name material, process and figures: the list "
        "follows within a minute. Personal recommendations can be switched off in your profile; "
        "lists are then ordered by date.",
    ),
}
