"""Load the vocabularies: industries of the city plan (chapter 7), districts (GB/T 2260), …"""

from django.db import migrations

EDITION_PLAN = "city-plan-2012"
INDUSTRIES = [
    (
        "iot",
        "物联网",
        "Internet of Things",
        190,
        "车联网与智能交通；传感器与智能终端；云计算产业化协同；标准化体系；产业技术创新联盟",
        "Connected vehicles; sensors and smart devices; standards; innovation alliances",
    ),
    (
        "cloud",
        "云计算",
        "Cloud Computing",
        210,
        "虚拟化核心技术；云端设备制造；云计算管理平台；云计算基础设施；云计算安全环境",
        "Virtualization; cloud hardware; management platforms; infrastructure; security",
    ),
    (
        "software_outsourcing",
        "软件与信息外包",
        "Software and IT Outsourcing",
        228,
        "行业软件；集成电路设计；数字电视与音视频；信息服务外包；服务外包孵化园",
        "Industry software; chip design; audio and video; service outsourcing",
    ),
    (
        "equipment",
        "高端装备制造",
        "Advanced Equipment",
        255,
        "智能制造装备；轨道交通装备；新能源汽车装备；涉海工程装备；航空配套装备",
        "Intelligent manufacturing; rail; new-energy vehicle, marine and aviation equipment",
    ),
    (
        "bio",
        "生物",
        "Biology and Medicine",
        330,
        "创新药物；生物疫苗；诊断试剂；现代中药；生活保健品；生物农业",
        "Innovative drugs; vaccines; diagnostics; modern Chinese medicine; agricultural biology",
    ),
    (
        "environment",
        "环保",
        "Environment",
        140,
        "LED新光源；节能设备与产品；环保设备与产品；资源循环利用；节能环保服务",
        "LED light sources; energy saving; pollution control; recycling; services",
    ),
    (
        "new_energy",
        "新能源",
        "New Energy",
        95,
        "太阳能光伏；风电装备及关键零部件；新型电池；核能、水能、潮汐能与生物质能装备",
        "Photovoltaics; wind power; batteries; nuclear, hydro, tidal and biomass equipment",
    ),
    (
        "new_materials",
        "新材料",
        "New Materials",
        280,
        "新能源材料；有机硅材料；光通信材料；半导体照明材料；电子与微电子材料",
        "Energy, silicone, optical communication, lighting and electronic materials",
    ),
    (
        "textile",
        "纺织服装",
        "Textiles and Garments",
        350,
        "丝绸；差异化、功能化化纤；女装；家纺；羽绒制品",
        "Silk; functional fibres; women's wear; home textiles; down products",
    ),
    (
        "auto",
        "汽车及零部件",
        "Vehicles and Parts",
        15,
        "乘用车与客车；载重汽车及专用车；动力传动、制动、转向、悬挂、安全与电子控制系统",
        "Cars, buses and trucks; drive, brake, steering, safety and control systems",
    ),
    (
        "food",
        "食品饮料",
        "Food and Beverages",
        40,
        "饮料；乳品、肉类、果蔬、水产与粮油加工；特色食品；功能食品与药食同源产品",
        "Beverages; processing; regional and functional food",
    ),
    (
        "creative",
        "文化创意",
        "Creative Industries",
        305,
        "动漫游戏；工业设计；建筑景观设计；广播影视；全媒体；文化会展",
        "Animation and games; industrial and landscape design; media; exhibitions",
    ),
    (
        "finance",
        "金融保险",
        "Finance and Insurance",
        55,
        "碳交易平台；运行管理标准化；客户为中心的产品与渠道；信息资源开发利用",
        "Carbon trading; standard operations; customer channels; use of data",
    ),
    (
        "tourism",
        "旅游休闲",
        "Tourism and Leisure",
        170,
        "三江四湖观光；会展旅游；休闲度假；智慧景区；温泉与山地度假",
        "Sightseeing; conference tourism; leisure resorts; smart scenic areas",
    ),
    (
        "ecommerce",
        "电子商务",
        "E-commerce",
        75,
        "网络商务平台；企业信息化；移动电子商务；物流、信用、认证与支付支撑体系",
        "Trading platforms; enterprise IT; mobile commerce; logistics, credit and payment",
    ),
]
EDITION_GBT2260 = "GB/T 2260 (2021)"
DISTRICTS = [
    ("330102", "上城区", "Shangcheng"),
    ("330105", "拱墅区", "Gongshu"),
    ("330106", "西湖区", "Xihu"),
    ("330108", "滨江区", "Binjiang"),
    ("330109", "萧山区", "Xiaoshan"),
    ("330110", "余杭区", "Yuhang"),
    ("330111", "富阳区", "Fuyang"),
    ("330112", "临安区", "Lin'an"),
    ("330113", "临平区", "Linping"),
    ("330114", "钱塘区", "Qiantang"),
    ("330122", "桐庐县", "Tonglu"),
    ("330127", "淳安县", "Chun'an"),
    ("330182", "建德市", "Jiande"),
]
ABOLISHED = [("330103", "下城区", "Xiacheng", "330105"), ("330104", "江干区", "Jianggan", "330102")]
FIELDS = [
    ("ELECTRONICS", "电子信息", "Electronics and information"),
    ("AEROSPACE", "航空航天", "Aerospace"),
    ("MANUFACTURING", "先进制造", "Advanced manufacturing"),
    ("BIOMED", "生物、医药和医疗器械", "Biology, medicine and medical devices"),
    ("MATERIALS", "新材料及其应用", "New materials"),
    ("ENERGY", "新能源与高效节能", "New energy and energy saving"),
    ("ENVIRONMENT", "环境保护与资源综合利用", "Environment and resources"),
    ("NUCLEAR", "核应用", "Nuclear applications"),
    ("AGRICULTURE", "农业", "Agriculture"),
    ("TRANSPORT", "现代交通", "Transport"),
    ("URBAN", "城市建设与社会发展", "City and society"),
]
MODES = [
    ("TRANSFER", "转让", "Transfer"),
    ("LICENCE", "许可", "Licence"),
    ("JOINT", "合作实施", "Joint implementation"),
    ("EQUITY", "作价投资", "Equity"),
    ("DEVELOPMENT", "技术开发", "Contract development"),
    ("CONSULTING", "技术咨询", "Consulting"),
    ("SERVICE", "技术服务", "Technical service"),
    ("SELF", "自行实施", "Own implementation"),
]
PARKS = [
    (
        "hhtz",
        "杭州高新技术产业开发区",
        "Hangzhou High-tech Zone",
        "NATIONAL",
        "330108",
        ["iot", "software_outsourcing", "bio", "new_materials"],
    ),
    (
        "heda",
        "杭州经济技术开发区",
        "Hangzhou Economic and Technological Development Zone",
        "NATIONAL",
        "330114",
        ["bio", "food", "new_materials", "cloud"],
    ),
    (
        "xsetd",
        "萧山经济技术开发区",
        "Xiaoshan Economic and Technological Development Zone",
        "NATIONAL",
        "330109",
        ["auto", "textile", "new_energy"],
    ),
    (
        "yhetd",
        "余杭经济技术开发区",
        "Yuhang Economic and Technological Development Zone",
        "NATIONAL",
        "330113",
        ["bio", "textile", "new_materials"],
    ),
    (
        "fyetd",
        "富阳经济技术开发区",
        "Fuyang Economic and Technological Development Zone",
        "NATIONAL",
        "330111",
        ["bio", "new_materials"],
    ),
    (
        "qjetd",
        "钱江经济开发区",
        "Qianjiang Economic Development Zone",
        "PROVINCIAL",
        "330113",
        ["new_energy", "new_materials"],
    ),
    (
        "jdip",
        "江东工业园区",
        "Jiangdong Industrial Park",
        "PROVINCIAL",
        "330114",
        ["equipment", "environment", "new_materials"],
    ),
    (
        "ljip",
        "临江工业园区",
        "Linjiang Industrial Park",
        "PROVINCIAL",
        "330114",
        ["equipment", "environment", "new_materials"],
    ),
    (
        "qjip",
        "前进工业园区",
        "Qianjin Industrial Park",
        "PROVINCIAL",
        "330114",
        ["equipment", "new_materials"],
    ),
    (
        "laetd",
        "临安经济开发区",
        "Lin'an Economic Development Zone",
        "PROVINCIAL",
        "330112",
        ["bio", "equipment", "auto"],
    ),
    (
        "qsl",
        "临安省科研机构创新基地",
        "Lin'an Provincial Research Innovation Base",
        "PROVINCIAL",
        "330112",
        ["equipment", "environment"],
    ),
    (
        "cqic",
        "仓前创新基地",
        "Cangqian Innovation Base",
        "MUNICIPAL",
        "330110",
        ["iot", "ecommerce"],
    ),
    (
        "ztte",
        "转塘科技经济园区",
        "Zhuantang Science and Technology Park",
        "MUNICIPAL",
        "330106",
        ["cloud", "creative"],
    ),
    (
        "bbsw",
        "北部软件园",
        "Northern Software Park",
        "PROVINCIAL",
        "330105",
        ["software_outsourcing"],
    ),
    (
        "tletd",
        "桐庐经济开发区",
        "Tonglu Economic Development Zone",
        "PROVINCIAL",
        "330122",
        ["auto", "new_energy"],
    ),
    (
        "caetd",
        "淳安经济开发区",
        "Chun'an Economic Development Zone",
        "PROVINCIAL",
        "330127",
        ["food"],
    ),
    (
        "jdetd",
        "建德经济开发区",
        "Jiande Economic Development Zone",
        "PROVINCIAL",
        "330182",
        ["new_materials"],
    ),
    ("xxcip", "西溪创意产业园", "Xixi Creative Park", "MUNICIPAL", "330106", ["creative"]),
    ("bmhcc", "白马湖生态创意城", "Baima Lake Creative City", "MUNICIPAL", "330108", ["creative"]),
    (
        "qjfc",
        "钱江新城金融集聚区",
        "Qianjiang New City Finance District",
        "MUNICIPAL",
        "330102",
        ["finance"],
    ),
]


def load(apps, schema_editor):
    def model(name):
        return apps.get_model("taxonomy", name)

    for order, (code, name, name_en, hue, content, content_en) in enumerate(INDUSTRIES):
        model("Industry").objects.create(
            code=code,
            name=name,
            name_en=name_en,
            hue=hue,
            key_content=content,
            key_content_en=content_en,
            edition=EDITION_PLAN,
            sort_order=order,
        )
    for order, (code, name, name_en) in enumerate(DISTRICTS):
        model("District").objects.create(
            code=code, name=name, name_en=name_en, edition=EDITION_GBT2260, sort_order=order
        )
    for order, (code, name, name_en, successor) in enumerate(ABOLISHED, start=len(DISTRICTS)):
        model("District").objects.create(
            code=code,
            name=name,
            name_en=name_en,
            edition="GB/T 2260 (2007)",
            retired_on="2021-04-09",
            sort_order=order,
            successor=model("District").objects.get(code=successor),
        )
    for order, (code, name, name_en) in enumerate(FIELDS):
        model("TechnicalField").objects.create(
            code=code, name=name, name_en=name_en, edition="contract-register", sort_order=order
        )
    for order, (code, name, name_en) in enumerate(MODES):
        model("CooperationMode").objects.create(
            code=code, name=name, name_en=name_en, edition="conversion-law-2015", sort_order=order
        )
    for order, (code, name, name_en, level, district, industries) in enumerate(PARKS):
        park = model("Park").objects.create(
            code=code,
            name=name,
            name_en=name_en,
            level=level,
            edition=EDITION_PLAN,
            sort_order=order,
            district=model("District").objects.get(code=district),
        )
        park.industries.set(model("Industry").objects.filter(code__in=industries))


class Migration(migrations.Migration):
    dependencies = [("taxonomy", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
