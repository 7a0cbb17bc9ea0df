package authority

import (
	"crypto/x509"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whoever trusts the authority trusts it for names that mean nothing outside, and for those that were given when it was made.
func TestAuthority_isConstrained(t *testing.T) {
	dir := t.TempDir()
	a, err := loadAuthority(dir, "mock.example.com", "0.0.0.0", "8.8.8.8")
	require.NoError(t, err)
	_, err = a.certificate("mock.example.com", "a.mock.example.com", "mock.test", "192.168.7.7", "8.8.8.8", "::", "")
	require.NoError(t, err)
	for _, name := range []string{"example.com", "bank.com", "8.8.4.4", "2001:db8::1"} {
		_, err := a.certificate(name)
		var invalid x509.CertificateInvalidError
		require.ErrorAs(t, err, &invalid, name)
		require.Equal(t, x509.CANotAuthorizedForThisName, invalid.Reason)
		_, err = (&Flags{generated: true, caDir: dir, Names: []string{name}}).Config()
		require.ErrorContains(t, err, "remove "+dir)
	}
}

// A key that others can write may have been put there by them.
func TestAuthority_refusesAKeyThatOthersCanWrite(t *testing.T) {
	dir := t.TempDir()
	_, err := loadAuthority(dir)
	require.NoError(t, err)
	key := filepath.Join(dir, "ca-key.pem")
	info, err := os.Stat(key)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	for _, mode := range []os.FileMode{0o620, 0o602, 0o666} {
		require.NoError(t, os.Chmod(key, mode))
		_, err = loadAuthority(dir)
		require.ErrorContains(t, err, "others can write the authority's key")
	}
	require.NoError(t, os.Chmod(key, 0o600))
	_, err = loadAuthority(dir)
	require.NoError(t, err)
}

// A folder that others can write is refused, with an authority in it or none, unless they cannot put another file in the place of one.
func TestAuthority_refusesAFolderThatOthersCanWrite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, mode := range []os.FileMode{0o777, 0o770, 0o702} {
		require.NoError(t, os.Chmod(dir, mode))
		_, err := loadAuthority(dir)
		require.ErrorContains(t, err, "others can write the authority's folder")
	}
	require.NoError(t, os.Chmod(dir, 0o777|os.ModeSticky))
	_, err := loadAuthority(dir)
	require.NoError(t, err)
	require.NoError(t, os.Chmod(dir, 0o777))
	_, err = loadAuthority(dir)
	require.ErrorContains(t, err, "others can write the authority's folder")
}

// The authority is made once and kept: its folder and key are its owner's, its certificate is for everybody, and what cannot be one is said.
func TestAuthority_isKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "kept")
	first, err := loadAuthority(dir)
	require.NoError(t, err)
	again, err := loadAuthority(dir)
	require.NoError(t, err)
	require.Equal(t, first.pem, again.pem)
	for name, mode := range map[string]os.FileMode{".": 0o700, "ca-key.pem": 0o600, "ca.pem": 0o644} {
		info, err := os.Stat(filepath.Join(dir, name))
		require.NoError(t, err)
		require.Equal(t, mode, info.Mode().Perm(), name)
	}
	require.True(t, first.cert.IsCA && first.cert.MaxPathLenZero && first.cert.PermittedDNSDomainsCritical)
	require.Equal(t, x509.KeyUsageCertSign|x509.KeyUsageCRLSign, first.cert.KeyUsage)
	leaf, err := first.certificate("mock.test")
	require.NoError(t, err)
	parsed, err := x509.ParseCertificate(leaf.Certificate[0])
	require.NoError(t, err)
	for _, name := range []string{"localhost", "127.0.0.1", "::1", "mock.test"} {
		require.NoError(t, parsed.VerifyHostname(name))
	}
	require.Error(t, parsed.VerifyHostname("other.test"))
	require.Less(t, parsed.NotAfter.Sub(parsed.NotBefore).Hours(), 825*24.0, "over that some systems refuse one")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "ca-key.pem"), []byte("no key"), 0o600))
	_, err = loadAuthority(dir)
	require.ErrorContains(t, err, "remove "+dir+" to have a new authority")
}

// A certificate and its key go together; a client trusts the file that is named, or else the generated authority where there is one.
func TestFlags(t *testing.T) {
	for _, half := range []Flags{{cert: "c.pem"}, {key: "k.pem"}} {
		_, err := half.Config()
		require.ErrorContains(t, err, "--tls-cert and --tls-key go together")
	}
	plain, err := (&Flags{}).Config()
	require.NoError(t, err)
	require.Nil(t, plain)
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	_, err = Roots("")
	require.NoError(t, err, "none was made")
	_, err = Roots("nowhere.pem")
	require.ErrorContains(t, err, "cacert: ")
	text := filepath.Join(t.TempDir(), "no.pem")
	require.NoError(t, os.WriteFile(text, []byte("text"), 0o600))
	_, err = Roots(text)
	require.ErrorContains(t, err, "holds no certificate in PEM")
	config, err := (&Flags{generated: true}).Config()
	require.NoError(t, err)
	pool, err := Roots("")
	require.NoError(t, err)
	leaf, err := x509.ParseCertificate(config.Certificates[0].Certificate[0])
	require.NoError(t, err)
	_, err = leaf.Verify(x509.VerifyOptions{Roots: pool, DNSName: "localhost"})
	require.NoError(t, err, "whom serve --tls serves as, a client trusts")
}
