package jsondoc

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
)

var (
	decorated = lazyregexp.New(`^[¥￥$+]?(\d[\d,]*\.?\d*|\.\d+)(?:[fFdDmMLn]|元|\.)?$`)
	exponent  = regexp.MustCompile(`^(-?\d)(\.\d+)?e([+-])0*(\d+)$`)
)

// Undecorated is the number in a text that has a currency, a sign, separators of thousands or a language's suffix beside it, as JSON writes it; "" where there is none.
func Undecorated(text string) string {
	if IsNumber(text) {
		return text
	}
	m := decorated().FindStringSubmatch(text)
	if m == nil {
		return ""
	}
	plain := strings.TrimSuffix(strings.TrimLeft(strings.ReplaceAll(m[1], ",", ""), "0"), ".")
	if plain == "" || plain[0] == '.' {
		plain = "0" + plain
	}
	return plain
}

// OtherNumbers are the other texts of a number: what floating-point arithmetic leaves of it, its binary value in full or of four bytes, exponents, other numbers of places, separators of
// thousands, and a language's or a currency's mark.
func OtherNumbers(text string) (all []string) {
	const longest, most = 60, 1e15
	plain := Undecorated(text)
	f, err := strconv.ParseFloat(plain, 64)
	if err != nil || len(text) > longest || math.Abs(f) > most {
		return nil
	}
	add := func(texts ...string) {
		for _, t := range texts {
			if t != text && t != "" && !slices.Contains(all, t) {
				all = append(all, t)
			}
		}
	}
	up, down := math.Nextafter(f, math.MaxFloat64), math.Nextafter(f, -math.MaxFloat64)
	for _, noisy := range []float64{f, up, down, math.Nextafter(up, math.MaxFloat64), math.Nextafter(down, -math.MaxFloat64)} {
		add(strconv.FormatFloat(noisy, 'f', -1, 64))
	}
	add(plain, strings.TrimRight(strconv.FormatFloat(f, 'f', longest, 64), "0"), strconv.FormatFloat(float64(float32(f)), 'f', -1, 64), strconv.FormatFloat(float64(float32(f)), 'g', 9, 64), strconv.FormatFloat(f, 'g', 17, 64))
	if m := exponent.FindStringSubmatch(strconv.FormatFloat(f, 'e', -1, 64)); m != nil {
		sign, two := strings.TrimPrefix(m[3], "+"), m[4]
		if len(two) == 1 {
			two = "0" + two
		}
		for _, mantissa := range []string{m[1] + m[2], Pointed(m[1] + m[2])} {
			for _, e := range []string{"E", "e"} {
				add(mantissa+e+m[3]+m[4], mantissa+e+sign+m[4], mantissa+e+m[3]+two)
			}
		}
	}
	const places = 6
	for n := range places + 1 {
		add(strconv.FormatFloat(f, 'f', n, 64))
	}
	add(strconv.FormatFloat(f, 'f', 20, 64), Pointed(plain))
	whole, cents := grouped(strconv.FormatFloat(f, 'f', -1, 64)), grouped(strconv.FormatFloat(f, 'f', 2, 64))
	add(whole, cents, strings.Replace(plain, ".", ",", 1), strings.Replace(strconv.FormatFloat(f, 'f', 2, 64), ".", ",", 1))
	for _, t := range []string{plain, Pointed(plain), strconv.FormatFloat(f, 'f', 2, 64)} {
		add("+"+t, "0"+t, t+"f", t+"F", t+"d", t+"元", "¥"+t, "￥"+t, "$"+t)
	}
	add(plain+".", plain+"L", plain+"n", strings.TrimPrefix(plain, "0"), "¥"+cents, "￥"+cents, cents+"元")
	return all
}

// grouped is a number with a comma between its thousands.
func grouped(text string) string {
	whole, fraction, _ := strings.Cut(text, ".")
	const thousand = 3
	from := 0
	if strings.HasPrefix(whole, "-") {
		from = 1
	}
	for at := len(whole) - thousand; at > from; at -= thousand {
		whole = whole[:at] + "," + whole[at:]
	}
	if fraction != "" {
		return whole + "." + fraction
	}
	return whole
}
