package diagnose

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// cities are the values of surroundingparking's city that are tried where characters of it were lost.
const cities = "重庆 北京 上海 天津 广州 深圳 成都 杭州 武汉 西安 南京 苏州 郑州 长沙 青岛 沈阳 宁波 昆明 合肥 福州 厦门 济南 大连 哈尔滨 长春 石家庄 南宁 贵阳 南昌 太原 " +
	"无锡 常州 徐州 南通 扬州 盐城 泰州 镇江 淮安 连云港 宿迁 温州 嘉兴 绍兴 金华 台州 湖州 衢州 丽水 舟山 泉州 漳州 莆田 佛山 东莞 珠海 惠州 中山 江门 湛江 汕头 肇庆 " +
	"烟台 潍坊 临沂 济宁 淄博 威海 泰安 洛阳 南阳 新乡 许昌 襄阳 宜昌 荆州 岳阳 衡阳 株洲 湘潭 常德 绵阳 德阳 南充 宜宾 泸州 乐山 遵义 海口 三亚 兰州 西宁 银川 乌鲁木齐 呼和浩特 " +
	"包头 鄂尔多斯 唐山 保定 邯郸 廊坊 秦皇岛 芜湖 马鞍山 安庆 赣州 九江 柳州 桂林 咸阳 宝鸡 鞍山 吉林 大庆 拉萨 香港 澳门"

// marks are what stands for a lost character: of Java and Python, of a decoder, of a decoder and an encoder in GBK, of ICU and IBM's charsets, and others.
var marks = []string{"?", "\uFFFD", "锟斤拷", "\x1a", "？", "□", "_"}

// replaced puts Chinese characters where ? or U+FFFD stand: provinces in front of plates, what plates end in, and cities.
func replaced(_ *search, g guess, few bool, yield func(guess) bool) bool {
	data := g.data
	if len(data) > wire.Longest {
		return true
	}
	for _, mark := range marks {
		runs := runsOf(data, mark)
		if len(runs) == 0 || len(runs) > 3 {
			continue
		}
		next := g
		next.doc = nil
		if mark == "_" && !strings.Contains(data, `"_`) {
			continue
		}
		next.evidence = replacedWhere(data, runs[0], mark)
		if mark == "锟斤拷" || mark == "\uFFFD" {
			next.what = words.Say("characters were replaced by U+FFFD on their way: bytes that were not UTF-8 were read as UTF-8", "汉字在途中被替换成了 U+FFFD：非 UTF-8 的字节被当成 UTF-8 读取")
			next.fix = words.Say("Write and read the form in UTF-8", "请用 UTF-8 写表单、读表单")
		}
		if !fill(data, runs, func(text string) bool {
			next.data = text
			return yield(next)
		}) {
			return false
		}
	}
	return true
}

// run is a piece of a text that stands for lost characters.
type run struct{ from, to, marks int }

func runsOf(data, mark string) (runs []run) {
	for at := 0; at < len(data); {
		i := strings.Index(data[at:], mark)
		if i < 0 {
			break
		}
		r := run{from: at + i}
		for r.to = r.from; strings.HasPrefix(data[r.to:], mark); r.to += len(mark) {
			r.marks++
		}
		runs = append(runs, r)
		at = r.to
	}
	return runs
}

func replacedWhere(data string, r run, mark string) words.Phrase {
	name := words.Visible(mark)
	if mark == "\uFFFD" {
		name = "U+FFFD"
	}
	evidence := words.Say(fmt.Sprintf("byte %d of data is %s", r.from, name), fmt.Sprintf("data 第 %d 字节是 %s", r.from, name))
	if field := fieldAt(data, r.from); field != "" {
		evidence = evidence.Plus(", in "+field, "，字段 "+field)
	}
	return evidence
}

// fill yields data with every likely text in each run.
func fill(data string, runs []run, yield func(string) bool) bool {
	if len(runs) == 0 {
		return yield(data)
	}
	last := runs[len(runs)-1]
	for _, text := range lost(data, last) {
		if !fill(data[:last.from]+text+data[last.to:], runs[:len(runs)-1], yield) {
			return false
		}
	}
	return true
}

// lost are the texts that may have stood in a run: each character may have left a mark, or each of its bytes.
func lost(data string, r run) (all []string) {
	before, after := data[:r.from], data[r.to:]
	quoted := strings.HasSuffix(before, `"`) || strings.HasSuffix(before, `: "`)
	for _, per := range []int{1, 2, 3} {
		if r.marks%per != 0 {
			continue
		}
		switch n := r.marks / per; {
		case n == 1 && quoted && !strings.HasPrefix(after, `"`):
			all = append(all, strings.Split(wire.PlateProvinces, "")...)
		case n == 1:
			all = append(all, strings.Split(wire.PlateEnds+wire.PlateProvinces, "")...)
		case n == 2 && strings.HasSuffix(before, `"`) && !strings.HasPrefix(after, `"`):
			all = append(all, "") // nothing that is known
		case quoted:
			for city := range strings.SplitSeq(cities, " ") {
				for _, name := range []string{city, city + "市"} {
					if utf8.RuneCountInString(name) == n {
						all = append(all, name)
					}
				}
			}
		}
	}
	return slices.DeleteFunc(all, func(s string) bool { return s == "" })
}

// completions are the ends of n bytes that make data a whole object.
func completions(data string, n int) (all []string) {
	data, part := wire.WholeRunes(data)
	closing := wire.Closers(data)
	if closing == "" {
		return nil
	}
	if part != "" { // the cut went through a character
		for _, r := range wire.PlateEnds + wire.PlateProvinces {
			if strings.HasPrefix(string(r), part) {
				all = append(all, data+string(r)+closing)
			}
		}
		return all
	}
	const marks = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
	switch missing := n - len(closing); {
	case missing <= 0:
		all = append(all, data+closing)
	case missing == 1:
		for i := range len(marks) {
			all = append(all, data+marks[i:i+1]+closing)
		}
	case missing == 2 && len(data) < 512:
		for i := range len(marks) {
			for j := range len(marks) {
				all = append(all, data+marks[i:i+1]+marks[j:j+1]+closing)
			}
		}
	}
	return all
}

// requoted puts quotes around the names and values of an object that has lost them.
func requoted(data, comma, colon string) string {
	var b strings.Builder
	b.WriteByte('{')
	for i, pair := range strings.Split(data[1:len(data)-1], comma) {
		name, value, found := strings.Cut(pair, colon)
		if !found {
			return ""
		}
		if i > 0 {
			b.WriteString(comma)
		}
		b.WriteString(`"` + name + `"` + colon + `"` + value + `"`)
	}
	b.WriteByte('}')
	return b.String()
}

// provinceless is a plate without its province.
var provinceless = regexp.MustCompile(`"[A-Z][A-Z0-9]{5,6}"`)

// dropped puts back what an encoder left out that was told to ignore what it cannot write: a plate's province, a city.
func dropped(_ *search, g guess, _ bool, yield func(guess) bool) bool {
	data := g.data
	if len(data) > wire.Longest || !wire.IsASCII(data) {
		return true
	}
	next := g
	next.doc = nil
	put := func(at int, evidence words.Phrase, texts []string) bool {
		next.evidence = evidence
		for _, text := range texts {
			if next.data = data[:at] + text + data[at:]; !yield(next) {
				return false
			}
		}
		return true
	}
	if m := provinceless.FindStringIndex(data); m != nil {
		at := m[0] + 1
		where := words.Say(fmt.Sprintf("byte %d of data begins a plate without a province: %s", at, data[at:m[1]-1]), fmt.Sprintf("data 第 %d 字节起是没有省份简称的车牌：%s", at, data[at:m[1]-1]))
		if !put(at, where, strings.Split(wire.PlateProvinces, "")) {
			return false
		}
	}
	if at := strings.Index(data, `"city":""`); at >= 0 {
		at += len(`"city":"`)
		var all []string
		for city := range strings.SplitSeq(cities, " ") {
			all = append(all, city, city+"市")
		}
		return put(at, words.Say("city is empty", "city 为空"), all)
	}
	return true
}
