package console

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func joined(modules map[string]string) (string, error) {
	in := map[string][]byte{}
	for name, text := range modules {
		in[name] = []byte(text)
	}
	out, err := join(in, "app.js")
	return string(out), err
}

// A module stands behind those that it imports from, once, and has their exports under the names that it chose.
func TestJoin_putsModulesInTheirOrder(t *testing.T) {
	out, err := joined(map[string]string{
		"app.js":    "import { one as first, two } from './a-b.js';\nimport { three } from './c.js';\nfirst(two, three);\n",
		"a-b.js":    "import { three } from './c.js';\nexport const one = (x) => x;\nexport function two() { return three; }\n",
		"c.js":      "export class three {}\nconst own = `\nimport java.util.HexFormat;\n`;\n",
		"unused.js": "export const four = 4;\n",
	})
	require.NoError(t, err)
	require.Equal(t, `// c.js
const $c = (() => {
class three {}
const own = `+"`\nimport java.util.HexFormat;\n`"+`;

return { three };
})();
// a-b.js
const $a_b = (() => {
const { three } = $c;
const one = (x) => x;
function two() { return three; }

return { one, two };
})();
// app.js
const $app = (() => {
const { one: first, two } = $a_b;
const { three } = $c;
first(two, three);

return {  };
})();
`, out)
}

// What could not be joined is refused when the server is made, with the line, and not found out in a browser.
func TestJoin_refusesWhatItDoesNotKnow(t *testing.T) {
	for want, app := range map[string]string{
		"app.js imports itself":               "import { a } from './b.js';\n",
		"there is no module none.js":          "import { a } from './none.js';\n",
		"app.js:2 is in no form":              "// a comment\nimport * as all from './b.js';\n",
		"app.js:1 is in no form that can be ": "export default 1;\n",
	} {
		_, err := joined(map[string]string{"app.js": app, "b.js": "import { c } from './app.js';\nexport const a = c;\n"})
		require.ErrorContains(t, err, want)
	}
}
