package repair

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
)

// cities are the values of surroundingparking's city that are tried where characters of it were lost.
const cities = "重庆 北京 上海 天津 广州 深圳 成都 杭州 武汉 西安 南京 苏州 郑州 长沙 青岛 沈阳 宁波 昆明 合肥 福州 厦门 济南 大连 哈尔滨 长春 石家庄 南宁 贵阳 南昌 太原 " +
	"无锡 常州 徐州 南通 扬州 盐城 泰州 镇江 淮安 连云港 宿迁 温州 嘉兴 绍兴 金华 台州 湖州 衢州 丽水 舟山 泉州 漳州 莆田 佛山 东莞 珠海 惠州 中山 江门 湛江 汕头 肇庆 " +
	"烟台 潍坊 临沂 济宁 淄博 威海 泰安 洛阳 南阳 新乡 许昌 襄阳 宜昌 荆州 岳阳 衡阳 株洲 湘潭 常德 绵阳 德阳 南充 宜宾 泸州 乐山 遵义 海口 三亚 兰州 西宁 银川 乌鲁木齐 呼和浩特 " +
	"包头 鄂尔多斯 唐山 保定 邯郸 廊坊 秦皇岛 芜湖 马鞍山 安庆 赣州 九江 柳州 桂林 咸阳 宝鸡 鞍山 吉林 大庆 拉萨 香港 澳门"

// Marks are what stands for a lost character: of Java and Python, of a decoder, of a decoder and an encoder in GBK, of ICU and IBM's charsets, of Oracle, and others.
var Marks = []string{"?", "\uFFFD", "锟斤拷", "\x1a", "？", "□", "_", "¿", "〓", "■", "*"}

// Run is a piece of a text that stands for lost characters.
type Run struct{ From, To, marks int }

// RunsOf are the pieces of a text that consist of a mark.
func RunsOf(data, mark string) (runs []Run) {
	for at := 0; at < len(data); {
		i := strings.Index(data[at:], mark)
		if i < 0 {
			break
		}
		r := Run{From: at + i}
		for r.To = r.From; strings.HasPrefix(data[r.To:], mark); r.To += len(mark) {
			r.marks++
		}
		runs = append(runs, r)
		at = r.To
	}
	return runs
}

// Fill yields data with every likely text in each run.
func Fill(data string, runs []Run, yield func(string) bool) bool {
	if len(runs) == 0 {
		return yield(data)
	}
	last := runs[len(runs)-1]
	for _, text := range lost(data, last) {
		if !Fill(data[:last.From]+text+data[last.To:], runs[:len(runs)-1], yield) {
			return false
		}
	}
	return true
}

// lost are the texts that may have stood in a run: each character may have left a mark, or each of its bytes.
func lost(data string, r Run) (all []string) {
	before, after := data[:r.From], data[r.To:]
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
			for _, name := range Cities() {
				if utf8.RuneCountInString(name) == n {
					all = append(all, name)
				}
			}
		}
	}
	return slices.DeleteFunc(all, func(s string) bool { return s == "" })
}

var provinceless = lazyregexp.New(`"[A-Z][A-Z0-9]{5,6}"`)

// Provinceless is where a text has a plate without its province, with the quotes around it; nil where it has none.
func Provinceless(data string) []int { return provinceless().FindStringIndex(data) }

// Cities are the names of cities that are known, each with and without 市.
func Cities() (all []string) {
	for city := range strings.SplitSeq(cities, " ") {
		all = append(all, city, city+"市")
	}
	return all
}

// Completions are the ends of n bytes that make data a whole object.
func Completions(data string, n int) (all []string) {
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
	const letters = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
	switch missing := n - len(closing); {
	case missing <= 0:
		all = append(all, data+closing)
	case missing == 1:
		for i := range len(letters) {
			all = append(all, data+letters[i:i+1]+closing)
		}
	case missing == 2 && len(data) < 512:
		for i := range len(letters) {
			for j := range len(letters) {
				all = append(all, data+letters[i:i+1]+letters[j:j+1]+closing)
			}
		}
	}
	return all
}

// Requoted puts quotes around the names and values of an object that has lost them.
func Requoted(data, comma, colon string) string {
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
