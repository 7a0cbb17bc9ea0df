package diagnosetest

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// Push is a push whose signment somebody has computed otherwise.
type Push struct {
	Name     string
	Kind     string // entry, exit, unbind or certification-invalid
	Kinds    []string
	Data     string // the text that is signed, under the rule push.sign_data=json
	Signment string // what the wrong computation gives
}

// Body is the push with a signment in it.
func (p Push) Body(signment string) string {
	return strings.TrimSuffix(p.Data, "}") + `,"signment":"` + signment + `"}`
}

// The texts of the four pushes (§10.1–§10.4).
const (
	Entry = `{"synId":"0e39b1c6-30a0","plateNumber":"渝****61","parkName":"东/西门 <停车场>","parkId":1002559,"entranceTime":"2017-08-17 18:44:19","userType":"77","pushTime":"2017-08-17 18:44:20","fixParkingId":"","remainingDays":""}`
	Exit  = `{"synId":"0e39b1c6-30a0","plateNumber":"渝****61","parkName":"ETCP停车场","parkId":7,"entranceTime":"2017-08-17 18:44:19","userType":"77","pushTime":"2018-09-21 18:44:20",` +
		`"exitTime":"2018-09-21 18:44:19","stayedTime":34560000,"receivableFee":5,"fixParkingId":"","remainingDays":""}`
	Notice = `{"plateNumber":"渝ATX061","time":"2017-08-20 11:57:51"}`
)

// InOrder writes a push's text with its fields in another order.
func InOrder(data, names string) string {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal([]byte(data), &fields); err != nil {
		panic(err) // the texts above
	}
	var parts []string
	for name := range strings.SplitSeq(names, ",") {
		parts = append(parts, `"`+name+`":`+string(fields[name]))
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// The orders that Java's maps give, as OpenJDK 17 printed them.
const (
	exitHashMap         = "entranceTime,fixParkingId,exitTime,stayedTime,parkName,receivableFee,remainingDays,userType,plateNumber,pushTime,synId,parkId"
	exitHashMapSignment = "entranceTime,signment,stayedTime,parkName,receivableFee,remainingDays,plateNumber,synId,parkId,fixParkingId,exitTime,userType,pushTime"
	exitHashMap32       = "entranceTime,stayedTime,parkName,receivableFee,remainingDays,plateNumber,synId,parkId,fixParkingId,exitTime,userType,pushTime"
	exitHashtable       = "pushTime,entranceTime,receivableFee,userType,stayedTime,plateNumber,synId,parkName,parkId,exitTime,fixParkingId,remainingDays"
	entryHashMap        = "entranceTime,fixParkingId,parkName,remainingDays,userType,plateNumber,pushTime,synId,parkId"
	noticeHashMap       = "time,plateNumber"
)

// Pushes are wrong computations of the signments of all four pushes.
func Pushes(no, key string) []Push {
	of := func(text string) string { return MD5(no + text + key) }
	var all []Push
	add := func(name, pushKind, kinds, data, signment string) {
		all = append(all, Push{name, pushKind, strings.Split(kinds, "+"), data, signment})
	}
	add("HashMap, capacity 16", "entry", "hashmap-order", Entry, of(InOrder(Entry, entryHashMap)))
	add("HashMap, capacity 16", "exit", "hashmap-order", Exit, of(InOrder(Exit, exitHashMap)))
	add("HashMap that held signment, capacity 32", "exit", "hashmap-order", Exit, of(InOrder(Exit, exitHashMap32)))
	add("Hashtable", "exit", "hashmap-order", Exit, of(InOrder(Exit, exitHashtable)))
	withSignment := strings.TrimSuffix(Exit, "}") + `,"signment":""}`
	add("HashMap with signment in it, empty", "exit", "signment-included+hashmap-order", Exit, of(InOrder(withSignment, exitHashMapSignment)))
	for _, kind := range []string{"unbind", "certification-invalid"} {
		add("HashMap", kind, "hashmap-order", Notice, of(InOrder(Notice, noticeHashMap)))
		add("Python's json.dumps", kind, "json-spaced+json-escaped-unicode", Notice, of(`{"plateNumber": "\u6e1dATX061", "time": "2017-08-20 11:57:51"}`))
	}
	for kind, data := range map[string]string{"entry": Entry, "exit": Exit, "unbind": Notice, "certification-invalid": Notice} {
		sorted := query(data, true)
		add("WeChat Pay v2", kind, "wechat-pay-style", data, MD5(sorted+"&key="+key))
		add("WeChat Pay v2, empty values kept", kind, "wechat-pay-style", data, MD5(query(data, false)+"&key="+key))
		add("MD5 of the MD5", kind, "md5-twice", data, MD5(strings.ToLower(of(data))))
		add("UTF-16", kind, "utf16-encoded", data, MD5(wide(no+data+key)))
		gbk, _ := simplifiedchinese.GBK.NewEncoder().String(data)
		add("GBK", kind, "gbk-encoded", data, of(gbk))
		add("read as ISO-8859-1", kind, "utf8-twice", data, of(latin(data)))
		wrong, _ := simplifiedchinese.GBK.NewDecoder().String(data)
		add("read as GBK", kind, "decoded-as-gbk", data, of(wrong))
		add("a line end behind data", kind, "trailing-newline", data, of(data+"\n"))
		add("signment left in, empty", kind, "signment-included", data, of(strings.TrimSuffix(data, "}")+`,"signment":""}`))
	}
	add("Gson: Map<String, Object>", "exit", "number-as-double", Exit, of(strings.NewReplacer(`"parkId":7`, `"parkId":7.0`, "34560000", "3.456E7", `"receivableFee":5`, `"receivableFee":5.0`).Replace(Exit)))
	add("parkId as text", "exit", "json-number-quoted", Exit, of(strings.Replace(Exit, `"parkId":7`, `"parkId":"7"`, 1)))
	add("parkId as text", "entry", "json-number-quoted", Entry, of(strings.Replace(Entry, "1002559", `"1002559"`, 1)))
	add("stayedTime as text", "exit", "json-number-quoted", Exit, of(strings.Replace(Exit, "34560000", `"34560000"`, 1)))
	add("PHP's json_encode", "entry", "json-escaped-unicode+json-escaped-slash", Entry, of(strings.NewReplacer("/", `\/`, "渝", `\u6e1d`, "东", `\u4e1c`, "西", `\u897f`, "门", `\u95e8`, "停", `\u505c`, "车", `\u8f66`, "场", `\u573a`).Replace(Entry)))
	add("Go's json.Marshal", "entry", "json-escaped-html", Entry, of(strings.NewReplacer("<", `\u003c`, ">", `\u003e`).Replace(Entry)))
	add("indented by .NET on Windows", "exit", "json-spaced", Exit, of("{\r\n  "+strings.NewReplacer(`,"`, ",\r\n  \"", `":`, `": `).Replace(strings.Trim(Exit, "{}"))+"\r\n}"))
	add("times as milliseconds (fastjson, Jackson)", "exit", "time-rewritten", Exit, of(strings.NewReplacer(`"2017-08-17 18:44:19"`, "1502966659000", `"2018-09-21 18:44:20"`, "1537526660000", `"2018-09-21 18:44:19"`, "1537526659000").Replace(Exit)))
	add("a structure without userType and pushTime", "entry", "field-left-out", Entry, of(strings.NewReplacer(`"userType":"77",`, "", `"pushTime":"2017-08-17 18:44:20",`, "").Replace(Entry)))
	add("sorted", "entry", "field-order", Entry, of(InOrder(Entry, "entranceTime,fixParkingId,parkId,parkName,plateNumber,pushTime,remainingDays,synId,userType")))
	add("the key in Base64", "unbind", "key-encoded", Notice, MD5(no+Notice+base64.StdEncoding.EncodeToString([]byte(key))))
	add("the key without its last character", "certification-invalid", "key-cut", Notice, MD5(no+Notice+key[:len(key)-1]))
	for kind, data := range map[string]string{"entry": Entry, "exit": Exit} {
		sorted := allSorted(data)
		add("json.dumps(d, sort_keys=True)", kind, "json-spaced+json-escaped-unicode+field-order", data, of(escapedAll(strings.NewReplacer(`,"`, `, "`, `":`, `": `).Replace(sorted), false)))
		add("the values joined in the order of their names", kind, "values-joined+field-order", data, of(valuesOf(sorted)))
		add("None where nothing came", kind, "value-unset", data, of(strings.ReplaceAll(data, `""`, `"None"`)))
		add("a machine in traditional Chinese", kind, "other-charset", data, of(strings.NewReplacer("渝", "\xb4\xfc", "东", "?", "西", "\xa6\xe8", "门", "?", "停", "\xb0\xb1", "车", "?", "场", "?").Replace(data)))
		add("a line end behind merchant_no", kind, "trailing-newline", data, MD5(no+"\n"+data+key))
		add("joined by & with one behind", kind, "ampersand-joined", data, MD5(no+"&"+data+"&"+key+"&"))
	}
	add("sorted, and in lower case", "entry", "lower-case+field-order", Entry, strings.ToLower(of(InOrder(Entry, "entranceTime,fixParkingId,parkId,parkName,plateNumber,pushTime,remainingDays,synId,userType"))))
	add("Python's json.dumps, and hexdigest", "unbind", "lower-case+json-spaced+json-escaped-unicode", Notice, strings.ToLower(of(`{"plateNumber": "\u6e1dATX061", "time": "2017-08-20 11:57:51"}`)))
	add("WeChat Pay v2, and hexdigest", "exit", "lower-case+wechat-pay-style", Exit, strings.ToLower(MD5(query(Exit, true)+"&key="+key)))
	add("hex of hex", "unbind", "hex-twice", Notice, hex.EncodeToString([]byte(strings.ToLower(of(Notice)))))
	all = append(all, furtherPushes(no, key)...)
	return append(append(all, rewrittenPushes(no, key)...), append(receivedPushes(no, key), requestFormula(key))...)
}

// query is a push's fields sorted and joined by &.
func query(data string, filled bool) string {
	var fields map[string]any
	dec := json.NewDecoder(strings.NewReader(data))
	dec.UseNumber()
	if err := dec.Decode(&fields); err != nil {
		panic(err) // the texts above
	}
	var parts []string
	for _, name := range sortedNames(fields) {
		value, isNumber := fields[name].(json.Number)
		text := value.String()
		if !isNumber {
			text, _ = fields[name].(string)
		}
		if text != "" || !filled {
			parts = append(parts, name+"="+text)
		}
	}
	return strings.Join(parts, "&")
}

func wide(text string) string {
	var out []byte
	for _, u := range utf16.Encode([]rune(text)) {
		out = binary.LittleEndian.AppendUint16(out, u)
	}
	return string(out)
}

func latin(text string) string {
	var b strings.Builder
	for i := range len(text) {
		b.WriteRune(rune(text[i]))
	}
	return b.String()
}

func sortedNames(fields map[string]any) []string {
	names := slices.Collect(maps.Keys(fields))
	slices.Sort(names)
	return names
}
