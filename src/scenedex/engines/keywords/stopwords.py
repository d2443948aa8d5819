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
    mr mrs ms dr
    """
)

KOREAN: Final = _words(
    """
    그리고 그러나 하지만 그래서 그런데 그러면 그러니까 그래도 또는 또한 및 혹은 만약 만일 왜냐하면 즉 따라서
    이것 그것 저것 여기 거기 저기 이거 그거 저거 이런 그런 저런 어떤 무슨 어느 모든 각각 다른 같은
    우리 우리들 저희 너희 당신 그녀 그들 누구 무엇 언제 어디 어떻게 얼마나 자기 자신 여러분
    오늘 내일 어제 지금 이제 아직 벌써 이미 항상 가끔 자주 다시 아주 매우 너무 정말 진짜 조금 많이 모두 함께 같이
    먼저 다음 그냥 바로 역시 계속 물론 아마 특히 가장 더욱 거의 약간 제일
    경우 때문 정도 사람 사람들 생각 말씀 이야기 얘기 시간 동안 이후 이전 하나 둘 셋 것들 부분 문제
    감사 안녕 안녕히 네네 아니 아니요 그래 그렇게 이렇게 저렇게 대해 대한 위해 위한 통해 관해 관한
    """
)

JAPANESE: Final = _words(
    """
    今日 昨日 明日 今回 今度 今年 去年 来年 毎日 最近 本当 一番
    一緒 以上 以下 以外 自分 皆様 皆様方 私達 私 僕 俺 彼 彼女
    何 誰 人 方 時 事 物 所 中 前 後 上 下 間 場合
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

CHINESE_JOINTS: Final = _in_order(
    """
    我们 我們 你们 你們 他们 他們 她们 她們 它们 它們 咱们 咱們
    这个 這個 那个 那個 这些 這些 那些 这样 這樣 那样 那樣 什么 什麼 怎么 怎麼
    没有 沒有 因为 因為 所以 但是 如果 虽然 雖然 可以 一个 一個 就是 不是 还有 還有
    的 了 是 我 你 您 他 她 它 这 這 那 吗 嗎 呢 吧 啊 很 与 與
    """
)
"""Function words that separate words in Chinese, longest first. They are removed from runs without spaces."""

KOREAN_PARTICLES: Final = _in_order(
    """
    에서부터 으로부터 에게서는 이라고는 에서는 에게서 으로는 에서도 까지는 부터는 이라고 이라는
    으로도 로부터 한테서 에게 에서 한테 으로 까지 부터 처럼 보다 마다 조차 라고 라는
    하고 이랑 이나 에는 에도 로는 들은 들이 들을 들의 께서 입니다 이다
    은 는 이 가 을 를 의 에 와 과 도 로 만 랑
    """
)
"""Particles that follow a noun in Korean, longest first."""

KOREAN_RISKY: Final = frozenset("이의로도만랑")
"""Particles that are also endings of many nouns. They are removed only if the rest is a word elsewhere."""

KOREAN_AFTER_CONSONANT: Final = frozenset("은이을과")
KOREAN_AFTER_VOWEL: Final = frozenset("는가를와랑")

KOREAN_PREDICATES: Final = _in_order(
    """
    습니다 합니다 됩니다 입니까 습니까 니까 어요 아요 해요 세요 네요 군요 지요 거든요 예요
    이에요 지만 는데 면서 려고 도록 하는 되는 했던 하던 했다 한다 된다 였다 었다 았다
    다 있다 없다 있는 없는 겠다 하게 해서 하여 하고 하면 하지 해야 한번 않고 않은 않는 됐다
    """
)
"""Endings of Korean verbs and adjectives, which are not keywords."""

KOREAN_NOUNS_LIKE_PREDICATES: Final = _words("바다 캐나다 판다 소다 사이다 르완다 우간다 그라나다 혼다 수다 다다")
