"""Words that are never keywords: function words and very common words."""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _in_order(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ENGLISH: Final = _words(
    """
    a an the this that these those some any no none every each all both either neither other another such same own
    i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers
    herself it its itself they them their theirs
    themselves one ones someone somebody something anyone anybody anything
    everyone everybody everything nobody nothing who whom whose which what where when why how whatever whoever
    and or but nor so yet if then else because although though while until unless since as than like
    of in on at by for from to into onto with
    without within about above across after against along among around before
    behind below beneath beside between beyond down during except inside near off out outside over past through
    throughout toward towards under up upon via per
    am is are was were be been being isn't aren't wasn't weren't do does did doing done don't doesn't didn't
    have has had having haven't hasn't hadn't will would
    shall should can could may might must won't wouldn't shouldn't
    can't cannot couldn't mustn't ought need dare used
    i'm you're he's she's it's we're they're i've you've we've they've i'd you'd he'd she'd we'd they'd i'll you'll
    he'll she'll we'll they'll that's there's here's what's who's let's
    not never ever always often sometimes usually again once twice also too very just only even still already almost
    quite rather really actually basically certainly maybe perhaps probably simply well much many more most less least
    few little lot lots enough there here now today tonight tomorrow yesterday soon later ago back away
    welcome yes yeah yep okay ok oh ah uh um er hmm hey hi hello please thanks thank sorry bye wow
    say says said saying tell tells told ask asks asked talk talks talked speak know knows knew known think thinks
    thought see sees saw seen look looks looked looking hear heard feel feels felt want wants wanted wanna like likes
    liked love get gets got gotten getting go goes went gone going gonna gotta come comes came coming make makes made
    making take takes took taken taking give gives gave given put puts let keep keeps kept find finds found try tries
    tried trying use uses using work works call called mean means meant seem seems happen happens happened happening
    start started begin began stop stopped turn turned leave left show shows showed shown bring brought move moved
    believe guess hope wish become became remember understand
    good bad great nice better best worse worst big small large long short high low old new young right wrong
    sure true real able different important whole full next last
    first second third two three four five six seven eight
    nine ten hundred thousand million
    thing things stuff way ways kind sort bit part parts time times day days week month year years hour hours minute
    minutes moment people person man men woman women guy guys place side end point case fact number
    mr mrs ms dr matter matters course
    couple fellow fellows ladies gentlemen guys folks
    """
)

KOREAN: Final = _words(
    """
    그리고 그러나 하지만 그래서 그런데 그러면 그러니까 그래도 또는 또한 및 혹은 만약 만일 왜냐하면 즉 따라서
    이것 그것 저것 여기 거기 저기 이거 그거 저거 이런 그런 저런 어떤 무슨 어느 모든 각각 다른 같은
    우리 우리들 저희 너희 당신 그녀 그들 누구 무엇 언제 어디 어떻게 얼마나 자기 자신 여러분
    오늘 내일 어제 지금 이제 아직 벌써 이미 항상 가끔 자주 다시 아주 매우 너무 정말 진짜 조금 많이 모두 함께 같이
    먼저 다음 그냥 바로 역시 계속 물론 아마 특히 가장 더욱 거의 약간 제일
    오전 오후 올해 작년 내년 내년도 금년 지난해 지난달 이번 이날 최근 당시 현재 새벽 저녁 아침 밤사이
    긴급 조기 소폭 대폭 먼저 정말 새로 직접 서로 더욱 점점 훨씬 완전 매일 저쪽 이쪽 그쪽 첫째 둘째 마지막
    열심히 천천히 열리 가운데 하나씩 마음 얼마 나중 요즘 예전 옛날 잠깐 잠시 한번
    경우 때문 정도 말고 조금 사람 사람들 생각 말씀 이야기 얘기 시간 동안 이후 이전 하나 둘 셋 것들 부분 문제
    아무 이들 그때 실제 자꾸 조차 이중 감사 안녕 안녕히 네네 아니 아니요 그래 그렇게 이렇게 저렇게 대해 대한 위해
    위한 통해 관해 관한
    """
)

JAPANESE: Final = _words(
    """
    今日 昨日 明日 今回 今度 今年 去年 来年 毎日 最近 本当 一番
    一緒 以上 以下 以外 自分 皆様 皆様方 私達 私 僕 俺 彼 彼女
    何 誰 人 方 時 事 物 所 中 前 後 上 下 間 場合
    最初 最後 次 次回 前回 心配 年間 年前 可能 必要 人々 男 女 朝 夜 昼 日 月 年 手 目 間 皆 他 一人 二人 一つ 二つ
    大事 大切 一層
    気 様 的 大丈夫 結構 全部 全然 多分 絶対 実際 普通 大変 残念 非常 全員
    """
)

CHINESE: Final = _words(
    """
    今天 明天 昨天 现在 現在 时候 時候 东西 東西 事情 问题 問題
    地方 大家 自己 一样 一樣 一直 一定 一起 一下 一点 一點 一些
    知道 觉得 覺得 认为 認為 看到 看看 看见 看見 说话 說話 告诉
    告訴 喜欢 喜歡 希望 需要 可能 应该 應該 能够 能夠 开始 開始
    已经 已經 还是 還是 或者 而且 不过 不過 然后 然後 其实 其實
    非常 特别 特別 真的 谢谢 謝謝 您好 你好 再见 再見 不是 不会 不會
    """
)

KOREAN_PARTICLES: Final = _in_order(
    """
    에서부터 으로부터 에게서는 이라고는 에서는 에게서 으로는 에서도 까지는 부터는 이라고 이라는
    으로도 로부터 한테서 에게 에서 한테 으로 까지 부터 처럼 보다 마다 조차 라고 라는
    에게서도 만으로도 에게도 한테도 까지도 부터도 보다도 조차도 에서만 에게만 으로만 에만 로만 과도 와도 로도 뿐만
    하고 이랑 이나 에는 에도 로는 들은 들을 들의 께서 입니다 이다
    은 는 이 가 을 를 의 에 와 과 도 로 만 랑
    """
)
"""Particles that follow a noun in Korean, longest first."""

KOREAN_RISKY: Final = _words("도 만 랑")
"""Particles that are also endings of nouns, and that may follow a verb."""

KOREAN_SURE: Final = _words("으로 에서 까지 부터 에게 처럼 에는 에도 으로는 에서는 으로도 에서도")
"""Particles that no noun ends like."""

KOREAN_DETERMINERS: Final = ("무슨", "어떤", "어느")
"""Words before a noun that are also written without a space."""

KOREAN_NOUNS_LIKE_PARTICLES: Final = _in_order(
    """
    양이 린이 종이 은이 걸이 볶이 잡이 랑이 숭이 팡이 놀이 높이 깊이 먹이 닥이 등이 똥이 둥이 쟁이 맹이 갱이
    펭이 덩이 받이 맞이 길이
    곰팡이 사이 나이 아이 차이 오이 게이 제이 레이 파이 타이 바이 와이
    회의 강의 논의 합의 결의 정의 주의 동의 문의 예의 상의 하의 협의 토의 심의 편의 고의 호의 창의 건의
    도로 경로 통로 진로 선로 항로 종로 피로 난로 미로 활로 수로 제로 유로 산책로 등산로
    휴가 작가 화가 국가 평가 전문가 음악가 연구가 정치가 사업가 물가 주가 증가 추가 참가 허가 은행가 원가 단가
    요가 상가
    효과 결과 성과 사과 학과 통과 경과 초과 치과 내과 외과 교과 부과
    마을 가을 노을 서울 고을
    경기도 강원도 제주도 전라도 경상도 충청도 황해도 평안도 함경도 경북도 충북도 전북도 자치도 상남도 청남도 라남도
    안남도
    경남도 해남도 상북도 청북도 라북도 안북도 경북도 해북도
    울릉도 거제도 강화도 여의도 백령도 연평도 월미도 흑산도 마라도 청산도 선유도 오동도 한산도 보길도 영종도 을숙도
    가거도 추자도 소록도 안면도 석모도 교동도 덕적도 콜로라도 엘도라도
    한반도 남극반도 일본열도 인구밀도 체감온도 실내온도 제한속도 가속도 고속철도 공항철도 도시철도 국유철도
    난이도 만족도 신뢰도 인지도 정확도 활용도 선호도 완성도 중요도 친밀도 몰입도 충성도 청렴도 해상도 민감도 숙련도
    성숙도
    신선도 적합도 호감도 의존도 투명도 유사도 복잡도 심각도 조감도 투시도 평면도 단면도 청포도 건포도
    상수도 하수도 정수도 태권도 합기도 내년도 전년도 금년도 작년도 신년도 차년도 회계연도
    게르만 헤르만 오스만 호프만 노이만 카우프만 골드만 이승만 백만 천만
    페르시아만 멕시코만 영일만 광양만 순천만 진해만 아산만 가로림만
    사랑 자랑 노랑 파랑 도랑 화랑 호랑 아리랑 레스토랑 고랑 벼랑
    """
)
"""Endings of Korean nouns that end like a particle."""

KOREAN_AFTER_CONSONANT: Final = _words("은 이 을 과 과도")
KOREAN_AFTER_VOWEL: Final = _words("는 가 를 와 랑 와도 로도 로만")

KOREAN_COPULAS: Final = _in_order(
    """
    이었습니다 였습니다 입니다 입니까 이에요 이예요 예요 에요 이라며 이라면서 이었다 이었던 이지만 인데요 이고요
    이기도 이라도 이라고도 이면서도 이겠지만 이었지만 이라지만
    """
)
"""Forms of "to be" that follow a noun, longest first."""

KOREAN_GERUNDS: Final = _words(
    "하기 되기 짓기 보기 먹기 가기 오기 주기 쓰기 읽기 만들기 받기 놓기 찾기 알기 살기 있기 없기"
)
"""Last two syllables of verbs that are used as nouns."""

KOREAN_PREDICATES: Final = _in_order(
    """
    니까 까요 까봐 아도 어도 해도 와도 가도 봐도 눠서 둬서 춰서 꿔서 쳐서 살면 보면 알면 먹으면
    담아 찾아 잡아 살아 알아 주실 보실 오실 드실
    어요 아요 해요 세요 네요 군요 지요 거든요 예요 데요 게요 나요 가요 래요 져요 려요 워요 와요 죠 줘요
    지만 는데 은데 인데 건데 던데 면서 으며 려고 도록 하는 되는 하던 하게 해서 하여 하면 하지 해야 않고 않은 않는
    더라도 어야만 아야만 해야만 여야만 다고 라며 다며 다는 는지 을지 할지 거나 든지 자마자 으므로 하므로 느라 더니
    으니 하니 되니 다가 어서 아서 려서
    워서 여서 와서 져서 으면 되면 이면 려면 시면 다면 라면서 기로 기에 기도 하자 되자
    있고 없고 하고요 되고 열고 먹고 넣고 가고 오고 보이는 보고서도 만들고 받고 놓고 쓰고 타고 살고 알고 싶고 지고 치고
    있던 없던 있는 없는 좋은 많은 작은 높은 낮은 깊은 같은 넓은 젊은 늦은 짧은 얇은 맑은 밝은 굵은
    한다 된다 했다 됐다 였다 었다 았다 겠다 있다 없다 간다 온다 는다 진다
    새로운 스러운 로운 다운 러운 려운 거운 까운 발생한 다양한 중요한 필요한 특별한 유명한 위한 대한 관한 통한
    하는 하던 했던 됐던 되던 발생된 관련된 시킨 시키는 타는 가는 오는 주는 보는 먹는 쓰는 사는 아는 우는
    얇게 크게 작게 높게 낮게 쉽게 빠르게 맛있게 예쁘게 뜨겁게 차갑게 이렇게 그렇게 어떻게 함께 하게 되게 롭게
    서서 가서 해 돼 줘 봐 야 여 쳐 켜 겨 려 져 혀 셔 주신 하신 가신 오신 계신 드린 드릴 볼 할 될 갈 올 줄
    다
    """
)
"""Endings of Korean verbs, adjectives and adverbs, which are not keywords."""

KOREAN_NOUNS_LIKE_PREDICATES: Final = _words(
    """
    고기 이야기 경기 경기도 감기 인기 전기 공기 용기 아기 시기 위기 무기 악기 바다 캐나다 판다 소다 사이다 르완다
    우간다 그라나다 혼다 수다 다다 피해 오해 이해 방해 동해 서해 남해 항해 장해
    공해 재해 새해 화해 유해 침해 분야 시야 광야 제야 평야 북한 남한 동해안 파다 냉면 라면 가면 측면 장면 표면 화면
    정면 반면 국면 지면 예산안 보고서 교과서 도서 부서 순서 질서 독서 요리사 라디오다 경찰서 소방서 문서
    계약서 참여 기여 수여 급여 증여 고려 배려 우려 염려 격려 분할 역할 관할
    """
)
"""Korean nouns that end like a verb or an adjective."""
