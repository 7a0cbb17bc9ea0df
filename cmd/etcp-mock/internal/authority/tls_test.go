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
		require.ErrorContains(t, err, "others can write its key")
	}
	require.NoError(t, os.Chmod(key, 0o600))
	_, err = loadAuthority(dir)
	require.NoError(t, err)
}
