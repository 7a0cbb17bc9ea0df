// Package packaging_test holds what would be published to what it promises: contents, metadata, and that it works where it is installed.
package packaging_test

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/mocktest"
)

var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "etcp-mock-packages-")
	if err != nil {
		return "", err
	}
	out, err := exec.CommandContext(context.Background(), "./clients.sh", dir).CombinedOutput()
	if err != nil {
		return "", errors.New(string(out))
	}
	return dir, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	for _, made := range []func() (string, error){built, commands} {
		if dir, err := made(); err == nil {
			_ = os.RemoveAll(dir)
		}
	}
	os.Exit(code)
}

func packages(t *testing.T) string {
	t.Helper()
	dir, err := built()
	require.NoError(t, err)
	return dir
}

// version is that of every package: the Java ones say it.
func version(t *testing.T) string {
	t.Helper()
	return pomOf(t, "../client/java/pom.xml").Version
}

type pom struct {
	GroupID      string `xml:"groupId"`
	ArtifactID   string `xml:"artifactId"`
	Version      string `xml:"version"`
	Name         string `xml:"name"`
	Description  string `xml:"description"`
	URL          string `xml:"url"`
	License      string `xml:"licenses>license>name"`
	Developer    string `xml:"developers>developer>organization"`
	SCM          string `xml:"scm>url"`
	Dependencies []struct {
		ArtifactID string `xml:"artifactId"`
		Scope      string `xml:"scope"`
	} `xml:"dependencies>dependency"`
}

func pomOf(t *testing.T, file string) pom {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var p pom
	require.NoError(t, xml.Unmarshal(text, &p))
	return p
}

// zipped are the files of a zip, by name.
func zipped(t *testing.T, file string) map[string]string {
	t.Helper()
	r, err := zip.OpenReader(file)
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	files := map[string]string{}
	for _, f := range r.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		in, err := f.Open()
		require.NoError(t, err)
		text, err := io.ReadAll(in)
		require.NoError(t, err)
		files[f.Name] = string(text)
	}
	return files
}

// tarred are the files of a tar.gz, by name without the first folder.
func tarred(t *testing.T, file string) map[string]string {
	t.Helper()
	f, err := os.Open(file)
	require.NoError(t, err)
	defer func() { _ = f.Close() }()
	unpacked, err := gzip.NewReader(f)
	require.NoError(t, err)
	files := map[string]string{}
	for r := tar.NewReader(unpacked); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		require.NoError(t, err)
		text, err := io.ReadAll(r)
		require.NoError(t, err)
		if h.Typeflag == tar.TypeReg {
			_, name, _ := strings.Cut(h.Name, "/")
			files[name] = string(text)
		}
	}
}

// A registry for Java wants a POM with all of this, sources and documentation beside each jar.
func TestJava(t *testing.T) {
	t.Parallel()
	dir, v := packages(t), version(t)
	for name, dependencies := range map[string]int{"etcp-client": 0, "etcp-mock-junit5": 4} {
		base := filepath.Join(dir, name+"-"+v)
		p := pomOf(t, base+".pom")
		require.Equal(t, []string{"io.github.etcp-mock", name, v, "MIT"}, []string{p.GroupID, p.ArtifactID, p.Version, p.License})
		for _, text := range []string{p.Name, p.Description, p.URL, p.Developer, p.SCM} {
			require.NotEmpty(t, text)
		}
		require.Len(t, p.Dependencies, dependencies)
		for _, d := range p.Dependencies {
			require.True(t, d.ArtifactID == "etcp-client" || d.Scope == "provided" || d.Scope == "test", d.ArtifactID)
		}
		jar := zipped(t, base+".jar")
		require.Contains(t, jar, "META-INF/LICENSE")
		require.Contains(t, jar, "META-INF/maven/io.github.etcp-mock/"+name+"/pom.xml")
		require.Contains(t, jar["META-INF/MANIFEST.MF"], "Implementation-Version: "+v)
		classes := 0
		for file, text := range jar {
			if strings.HasSuffix(file, ".class") {
				classes++
				require.Equal(t, byte(55), text[7], "%s is not for Java 11", file)
			}
		}
		require.Greater(t, classes, 8)
		require.Contains(t, zipped(t, base+"-javadoc.jar"), "index.html")
		require.Contains(t, zipped(t, base+"-sources.jar"), map[string]string{
			"etcp-client": "io/github/etcpmock/EtcpClient.java", "etcp-mock-junit5": "io/github/etcpmock/junit5/EtcpMockTest.java",
		}[name])
	}
	m := mocktest.New(t)
	const console = "/usr/share/java/junit-platform-console-standalone.jar"
	classes := t.TempDir()
	jars := filepath.Join(dir, "etcp-client-"+v+".jar") + ":" + filepath.Join(dir, "etcp-mock-junit5-"+v+".jar")
	run(t, nil, "javac", "-encoding", "UTF-8", "-d", classes, "-cp", jars+":"+console, "../examples/java/ParkTest.java")
	run(t, []string{"ETCP_MOCK_URL=" + m.URL}, "java", "-jar", console, "--class-path", jars+":"+classes, "--select-class", "ParkTest", "--fail-if-no-tests")
}

// The wheel and the source distribution have the types, the license and the plug-in; installed, pytest finds the fixtures by itself.
func TestPython(t *testing.T) {
	t.Parallel()
	dir, v := packages(t), version(t)
	file := filepath.Join(dir, "etcp_mock_client-"+v+"-py3-none-any.whl")
	wheel := zipped(t, file)
	info := "etcp_mock_client-" + v + ".dist-info/"
	for _, name := range []string{"etcp_mock/__init__.py", "etcp_mock/py.typed", "etcp_mock/testing.py"} {
		require.Contains(t, wheel, name)
	}
	metadata := wheel[info+"METADATA"]
	for _, line := range []string{"Name: etcp-mock-client", "Version: " + v, "License: MIT", "Requires-Python: >=3.9", "Description-Content-Type: text/markdown"} {
		require.Contains(t, metadata, line+"\n")
	}
	require.NotContains(t, metadata, "Requires-Dist")
	require.Contains(t, wheel[info+"entry_points.txt"], "[pytest11]\netcp_mock = etcp_mock.pytest_plugin\n")
	for name := range wheel {
		require.Regexp(t, `^(etcp_mock/\w+\.(py|typed)|etcp_mock_client-.*\.dist-info/\w+(\.txt)?)$`, name)
	}
	source := tarred(t, filepath.Join(dir, "etcp-mock-client-"+v+".tar.gz"))
	for _, name := range []string{"pyproject.toml", "README.md", "LICENSE", "PKG-INFO", "src/etcp_mock/client.py"} {
		require.Contains(t, source, name)
	}

	site := t.TempDir() // as pip would have it: a wheel without scripts is only unpacked
	for name, text := range wheel {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(site, name)), 0o750))
		require.NoError(t, os.WriteFile(filepath.Join(site, name), []byte(text), 0o600))
	}
	m := mocktest.New(t)
	interpreter := "python3"
	if exec.CommandContext(t.Context(), interpreter, "-c", "import pytest").Run() != nil {
		interpreter = "/usr/bin/python3"
	}
	run(t, []string{"ETCP_MOCK_URL=" + m.URL, "PYTHONPATH=" + site}, interpreter, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "../examples/python/test_park.py")
}

// The tarball has the types beside the code and no tests; installed, both ways of import work.
func TestNode(t *testing.T) {
	t.Parallel()
	dir, v := packages(t), version(t)
	file := filepath.Join(dir, "etcp-mock-client-"+v+".tgz")
	files := tarred(t, file)
	var manifest struct {
		Name, Version, License string
		Types                  string
		Engines                map[string]string
		Dependencies           map[string]string
		Exports                map[string]json.RawMessage
	}
	require.NoError(t, json.Unmarshal([]byte(files["package.json"]), &manifest))
	require.Equal(t, []string{"@etcp-mock/client", v, "MIT", ">=18"}, []string{manifest.Name, manifest.Version, manifest.License, manifest.Engines["node"]})
	require.Empty(t, manifest.Dependencies)
	for _, name := range []string{"README.md", "LICENSE"} {
		require.Contains(t, files, name)
	}
	for _, each := range manifest.Exports { // every file that is named is there
		for _, m := range regexp.MustCompile(`"\./([^"]+)"`).FindAllStringSubmatch(string(each), -1) {
			require.Contains(t, files, m[1])
		}
	}
	for name := range files {
		require.Regexp(t, `^(lib/.*\.(js|mjs|d\.ts|d\.mts)|package\.json|README(\.zh-CN)?\.md|LICENSE)$`, name)
	}

	project := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(project, "package.json"), []byte("{}"), 0o600))
	run(t, nil, "npm", "install", "--prefix", project, "--offline", "--no-audit", "--no-fund", "--silent", file)
	require.NoError(t, os.CopyFS(project, os.DirFS("../examples/node")))
	m := mocktest.New(t)
	run(t, []string{"ETCP_MOCK_URL=" + m.URL}, "node", "--test", filepath.Join(project, "park.test.mjs"))
	required := filepath.Join(project, "required.cjs")
	require.NoError(t, os.WriteFile(required, []byte("require('@etcp-mock/client/testing').withSandbox(require('@etcp-mock/client').yuan)"), 0o600))
	run(t, nil, "node", required)
}

func run(t *testing.T, env []string, program string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s %v:\n%s", program, args, out)
}
