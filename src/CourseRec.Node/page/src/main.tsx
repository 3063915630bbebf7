import { render } from "preact";
import { App } from "./app";
import "uplot/dist/uPlot.min.css";
import "./styles/base.css";
import "./styles/frame.css";
import "./styles/learn.css";
import "./styles/live.css";

const root = document.getElementById("app");
if (root) render(<App />, root);
