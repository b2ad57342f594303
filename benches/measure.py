"""What the scripts beside this file share: starting and stopping, asking, loading with wrk, and sites of any size.
Everything stays on loopback; what starts a process stops it by its id."""
import contextlib, http.client, os, re, statistics, subprocess, sys, tempfile, time, urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PLINTH = f"{ROOT}/target/release/plinth"
SITES = f"{ROOT}/target/bench"
PASSWORD = "lantern wobble otter 4471"


def build():
    if os.environ.get("BUILD", "yes") == "yes":
        subprocess.run(["cargo", "build", "--release", "--locked", "--quiet"], cwd=ROOT, check=True)


def plinth(*words, **options):
    return subprocess.run([PLINTH, *words], env={"PATH": os.environ["PATH"]}, cwd="/tmp", check=True, capture_output=True, **options)


def site(pages):
    """A data directory with a generated site and someone who may sign in; made once, then kept below target/."""
    folder = f"{SITES}/{pages}"
    if not os.path.exists(f"{folder}/made"):
        subprocess.run(["rm", "-rf", folder], check=True)
        subprocess.run([sys.executable, f"{ROOT}/benches/generate", f"{folder}/source", str(pages)], check=True)
        plinth("import", f"{folder}/source", "--data", f"{folder}/data")
        user = ["--email", "bench@portal.example", "--name", "Bench", "--role", "administrator", "--password-stdin"]
        plinth("--data", f"{folder}/data", "user", "add", *user, input=f"{PASSWORD}\n".encode())
        subprocess.run(["rm", "-rf", f"{folder}/source"], check=True)
        open(f"{folder}/made", "w").close()
    return f"{folder}/data"


def address(number):
    """Where benches/generate puts page `number`, counted from 0."""
    parts = []
    while number >= 0:
        parts.append(f"page-{number + 1}")
        number = number // 22 - 1
    return "/" + "/".join(reversed(parts))


def fetch(port, path, method="GET", body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    return answer.status, answer.read(), answer.headers


def wait(port, process=None):
    """Milliseconds until the first 200."""
    began = time.perf_counter()
    while True:
        with contextlib.suppress(OSError):
            if fetch(port, "/")[0] == 200:
                return (time.perf_counter() - began) * 1000
        if process and process.poll() is not None or time.perf_counter() - began > 60:
            sys.exit(f"nothing answers at port {port}")
        time.sleep(0.0005)


@contextlib.contextmanager
def serving(data, port, *more):
    """Plinth over a data directory; gives the process and how long the first 200 took."""
    words = [PLINTH, "--data", data, "--listen", f"127.0.0.1:{port}", *more]
    process = subprocess.Popen(words, env={"PATH": os.environ["PATH"]}, cwd="/tmp", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process, wait(port, process)
    finally:
        process.terminate()
        process.wait(60)


def search_is_ready(port):
    while b"being prepared" in fetch(port, "/search?q=a")[1]:
        time.sleep(0.2)


def rss(process, name="VmRSS"):
    """MiB."""
    return int(re.search(rf"{name}:\s+(\d+)", open(f"/proc/{process.pid}/status").read())[1]) / 1024


def cpu(pids):
    """Seconds of all threads so far."""
    fields = [open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split() for pid in pids]
    return sum(int(f[11]) + int(f[12]) for f in fields) / os.sysconf("SC_CLK_TCK")


def load(port, pids, path="/", headers={}, seconds=2, script=None, environment={}):
    """wrk at 64 connections: requests a second, CPU microseconds of the server for one, p99 in milliseconds."""
    line = ["wrk", "-t2", "-c64", f"-d{seconds}s", "--latency", f"http://127.0.0.1:{port}{path}"]
    line += [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")] + (["-s", script] if script else [])
    before = cpu(pids)
    out = subprocess.run(line, capture_output=True, text=True, check=True, env={**os.environ, **environment}).stdout
    used = cpu(pids) - before
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    if bad:
        sys.exit(f"{bad[1]} answers were errors at {path}")
    count, rate = int(re.search(r"(\d+) requests in", out)[1]), float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1])
    amount, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", out).groups()
    return rate, used / count * 1e6, float(amount) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def medians(rows):
    return [statistics.median(column) for column in zip(*rows)]


def quantiles(times):
    """Median and p99."""
    times = sorted(times)
    return statistics.median(times), times[max(0, round(len(times) * 0.99) - 1)]


class walk:
    """A script for wrk that asks for one page after the other, each thread from another place."""

    def __init__(self, paths):
        self.paths = paths

    def __enter__(self):
        self.scratch = tempfile.TemporaryDirectory()
        with open(f"{self.scratch.name}/paths", "w") as out:
            out.write("\n".join(self.paths) + "\n")
        with open(f"{self.scratch.name}/walk.lua", "w") as out:
            out.write('local paths, threads, at = {}, 0, 0\nfor line in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = line end\n'
                      'function setup(thread) thread:set("id", threads); threads = threads + 1 end\n'
                      'function init() at = math.floor(#paths / 2 * id) + tonumber(os.getenv("START") or "0") end\n'
                      'function request() at = at % #paths + 1; return wrk.format("GET", paths[at]) end\n')
        return f"{self.scratch.name}/walk.lua", {"PATHS": f"{self.scratch.name}/paths"}

    def __exit__(self, *_):
        self.scratch.cleanup()


class Editor:
    """Someone signed in, on one connection."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.cookie = ""
        answer, _ = self.ask("POST", "/admin/sign-in", {"email": "bench@portal.example", "password": PASSWORD, "next": "/admin"})
        self.cookie = "; ".join(line.split(";")[0] for line in answer.headers.get_all("Set-Cookie"))

    def on(self, port):
        """The same session on another connection, to this port."""
        other = object.__new__(Editor)
        other.connection, other.cookie = http.client.HTTPConnection("127.0.0.1", port, timeout=30), self.cookie
        return other

    def ask(self, method, path, fields=None):
        headers = {"Sec-Fetch-Site": "same-origin", "Cookie": self.cookie}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, fields and urllib.parse.urlencode(fields), headers)
        answer = self.connection.getresponse()
        return answer, answer.read().decode()

    def publish_to_visible(self, port, path, count):
        """Milliseconds from pressing Publish to reading the new words as a visitor, each time new ones."""
        slug = path.rsplit("/", 1)[1]
        _, listed = self.ask("GET", f"/admin/pages?q={slug}")
        rows = re.findall(r'href="/admin/pages/(\d+)"', listed)
        pages = [(id, self.ask("GET", f"/admin/pages/{id}")[1]) for id in dict.fromkeys(rows)]
        id, screen = next((id, screen) for id, screen in pages if f'name="slug" value="{slug}"' in screen or f'value="{slug}"' in screen)
        base = int(re.search(r'name="base" value="(\d+)"', screen)[1])
        visitor, times = http.client.HTTPConnection("127.0.0.1", port, timeout=30), []
        for turn in range(count):
            word = f"turn{base}x{turn}"
            fields = {"base": base, "title": "A page for measuring", "slug": slug, "body": f"These words: {word}. " * 100, "layout": "article", "menu": "main", "do": "publish"}
            began = time.perf_counter()
            answer, text = self.ask("POST", f"/admin/pages/{id}", fields)
            if answer.status != 303:
                sys.exit(f"publishing answered {answer.status}: {text[:500]}")
            visitor.request("GET", path)
            if word not in visitor.getresponse().read().decode():
                sys.exit("a visitor saw a stale page")
            times.append((time.perf_counter() - began) * 1000)
            base += 1
        return times


if __name__ == "__main__":
    # For `cargo bench`: makes the site if need be, and says where it is.
    print(site(int(sys.argv[1])))
