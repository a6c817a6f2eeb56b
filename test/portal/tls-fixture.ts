// A self-signed certificate for 127.0.0.1 until 2126 and its key, made for these tests alone:
// openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500
//   -subj "/CN=docspace-onboard test only" -addext "subjectAltName=IP:127.0.0.1"
export const testCertificate = `-----BEGIN CERTIFICATE-----
MIIBsjCCAVigAwIBAgIUdF6TV/8yH+ab3aU+p3yGqICemmUwCgYIKoZIzj0EAwIw
JTEjMCEGA1UEAwwaZG9jc3BhY2Utb25ib2FyZCB0ZXN0IG9ubHkwIBcNMjYxMTIz
MDQ0OTA3WhgPMjEyNjEwMzAwNDQ5MDdaMCUxIzAhBgNVBAMMGmRvY3NwYWNlLW9u
Ym9hcmQgdGVzdCBvbmx5MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEXWJPsFJv
glDAu0/Le2yzdYncR9Gy/pYKvl4ycne7besNtkMt+6NsOUr5c/sZ6EqSRI/ob1Ww
S6hdAPsS8UZqyKNkMGIwHQYDVR0OBBYEFMoD8NBT8Jm5ss0uUR8l7M8z4xqhMB8G
A1UdIwQYMBaAFMoD8NBT8Jm5ss0uUR8l7M8z4xqhMA8GA1UdEwEB/wQFMAMBAf8w
DwYDVR0RBAgwBocEfwAAATAKBggqhkjOPQQDAgNIADBFAiEA4eb85L5iiTpufsDW
fGtZMCG5pU362bu1DorGiuktdTUCID2YPR37WooOs/pSEXJGX7jgQpOBh0FLyFxO
XTAPOyz0
-----END CERTIFICATE-----
`;

export const testKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg7Dx9oa81l5cN92AR
Trrq/xZKs7A+6jGv8FSi0BunoIOhRANCAARdYk+wUm+CUMC7T8t7bLN1idxH0bL+
lgq+XjJyd7tt6w22Qy37o2w5Svlz+xnoSpJEj+hvVbBLqF0A+xLxRmrI
-----END PRIVATE KEY-----
`;
