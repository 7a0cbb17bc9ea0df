package jsonvalue

import (
	"iter"
	"strings"
)

// SkipSpace is where white space that begins at i ends.
func SkipSpace(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\t' || s[i] == '\r' || s[i] == '\n') {
		i++
	}
	return i
}

// StringEnd is behind the string that begins at i, in a text that is known to be JSON.
func StringEnd(s string, i int) int {
	for i++; s[i] != '"'; i++ {
		if s[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// ValueEnd is behind the value that begins at i, in a text that is known to be JSON. How deep it nests costs no stack.
func ValueEnd(s string, i int) int {
	switch s[i] {
	case '"':
		return StringEnd(s, i)
	case '{', '[':
		depth := 0
		for {
			switch s[i] {
			case '"':
				i = StringEnd(s, i)
				continue
			case '{', '[':
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					return i + 1
				}
			}
			i++
		}
	default:
		for i < len(s) && !strings.ContainsRune(",}] \t\r\n", rune(s[i])) {
			i++
		}
		return i
	}
}

// Members are those of an object that is known to be JSON, in their order, repeated ones included: each name and each value as it is written, the
// name's quotes and escapes included.
func Members(object string) iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		for at := SkipSpace(object, SkipSpace(object, 0)+1); object[at] != '}'; {
			end := StringEnd(object, at)
			name := object[at:end]
			at = SkipSpace(object, SkipSpace(object, end)+1) // over the colon
			end = ValueEnd(object, at)
			if !yield(name, object[at:end]) {
				return
			}
			if at = SkipSpace(object, end); object[at] == ',' {
				at = SkipSpace(object, at+1)
			}
		}
	}
}

// Items are those of an array that is known to be JSON, each as it is written.
func Items(array string) iter.Seq[string] {
	return func(yield func(value string) bool) {
		for at := SkipSpace(array, SkipSpace(array, 0)+1); array[at] != ']'; {
			end := ValueEnd(array, at)
			if !yield(array[at:end]) {
				return
			}
			if at = SkipSpace(array, end); array[at] == ',' {
				at = SkipSpace(array, at+1)
			}
		}
	}
}
