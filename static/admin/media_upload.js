// Sends a file to the media library and tells how far it is. Knows no dialog.
const WHERE = "/admin/media/new";
const OTHER = "Someone else is signed in here now, so it was not added. Open this page again.";
const OUT = "You have been signed out. Sign in in another tab, then try again.";

// `tell` is given the part that has arrived, from 0 to 1. The promise is kept with what the library has then, or broken with a
// sentence that says why not.
export function send(file, tell) {
  const request = new XMLHttpRequest();
  const done = new Promise((resolve, reject) => {
    request.open("POST", WHERE);
    request.setRequestHeader("accept", "application/json");
    request.responseType = "text";
    request.upload.addEventListener("progress", ({ loaded, total }) => tell(total ? loaded / total : 0));
    const fail = (sentence) => () => reject(new Error(sentence));
    request.addEventListener("error", fail("The server could not be reached."));
    request.addEventListener("abort", fail("Left out."));
    request.addEventListener("load", () => {
      const answer = read(request);
      const [thing] = answer?.things ?? [];
      if (thing) resolve(thing);
      else reject(new Error(answer?.refused?.[0] ?? sentenceFor(request)));
    });
  });
  const body = new FormData();
  // Says for whom this page was drawn; the server looks for it before the files.
  const mark = document.querySelector('input[name="submission"]')?.value;
  if (mark) body.append("submission", mark);
  body.append("files", file, file.name || "picture.png");
  request.send(body);
  return { done, cancel: () => request.abort() };
}

function read(request) {
  if (!request.getResponseHeader("content-type")?.startsWith("application/json")) return undefined;
  try {
    return JSON.parse(request.responseText);
  } catch {
    return undefined;
  }
}

function sentenceFor({ status, responseURL }) {
  if (status === 401 || responseURL.includes("/admin/sign-in")) return OUT;
  if (status === 409) return OTHER;
  if (status === 403) return "You have no right to add files.";
  if (status === 413) return "The file is too large.";
  if (status === 503) return "The server cannot take it now. Try again in a moment.";
  return "The server did not take it. Try again.";
}
